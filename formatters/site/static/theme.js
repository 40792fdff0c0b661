// Light or dark: the reader's system decides until the button is pressed; the choice is kept.
// On paper nothing is folded, also where a browser's style sheets can't unfold it.
"use strict";
(() => {
  const page = document.documentElement;
  const recall = () => {
    try { return localStorage.getItem("theme"); } catch { return null; }
  };
  const keep = (theme) => {
    try { localStorage.setItem("theme", theme); } catch { /* a page from a disk may keep nothing */ }
  };
  const chosen = recall();
  if (chosen === "light" || chosen === "dark") page.dataset.theme = chosen;
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    if (!button) return;
    const system = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (page.dataset.theme ? page.dataset.theme === "dark" : system.matches);
    const tell = () => button.setAttribute("aria-pressed", String(isDark()));
    button.addEventListener("click", () => {
      page.dataset.theme = isDark() ? "light" : "dark";
      keep(page.dataset.theme);
      tell();
    });
    system.addEventListener("change", tell);
    tell();
    button.hidden = false;
  });
  const unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded.push(...document.querySelectorAll("details:not([open])"));
    for (const one of unfolded) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of unfolded.splice(0)) one.open = false;
  });
})();
