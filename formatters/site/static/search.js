// Searches the archive without a server. What is known comes in pieces, scripts that call
// `paperround.open` and `paperround.add`: the newest days at once, older ones when asked for.
"use strict";
const paperround = (() => {
  const FIRST = 240000; // bytes of pieces loaded at once; with the page itself below 300 KB
  const AT_ONCE = 50; // results shown at once
  const place = document.getElementById("search");
  const { lang, root } = place.dataset;
  const query = document.getElementById("query");
  const hits = document.getElementById("hits");
  const count = document.getElementById("count");
  const reach = document.getElementById("reach");
  const further = document.getElementById("further");
  const more = document.getElementById("more");
  const records = [];
  let arriving = []; // records of the day that is being loaded: none is known in part
  let loading = false;
  let days = [];
  let topics = {};
  let next = 0; // the first day that is not yet loaded
  let found = [];
  let shown = 0;

  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const fill = (text, values) => text.replace(/%(\w+)/g, (_, name) => values[name]);

  function load(path) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = root + path;
      script.onload = resolve;
      script.onerror = () => reject(new Error(path));
      document.head.append(script);
    });
  }

  async function loadFurther() {
    if (loading) return;
    markLoading(true);
    reach.textContent = place.dataset.loading;
    let bytes = 0;
    try {
      while (next < days.length) {
        const size = days[next][2].reduce((sum, one) => sum + one, 0);
        if (bytes && bytes + size > FIRST) break;
        await loadDay(days[next]);
        bytes += size;
        next += 1;
      }
      tellReach();
    } catch (error) {
      reach.textContent = fill(place.dataset.failed, { file: error.message });
    }
    markLoading(false);
    search();
    offerFurther();
  }

  async function loadDay([day, , sizes]) {
    arriving = [];
    for (let part = 1; part <= sizes.length; part += 1) {
      await load(`search/${day}-${part}.js`);
    }
    records.push(...arriving);
  }

  function markLoading(now) {
    loading = now;
    further.setAttribute("aria-disabled", String(now)); // disabled, it would lose the focus
  }

  function offerFurther() {
    const focused = document.activeElement === further;
    further.hidden = next >= days.length;
    if (focused && further.hidden) (count.textContent ? count : query).focus();
  }

  function tellReach() {
    const all = days.reduce((sum, [, papers]) => sum + papers, 0);
    const text = next < days.length ? place.dataset.back : place.dataset.all;
    const day = next ? days[next - 1][0] : "–";
    reach.textContent = fill(text, { day, n: records.length, all });
  }

  function search() {
    const words = plain(query.value).split(/\s+/).filter(Boolean);
    found = words.length
      ? records.filter((record) => words.every((word) => record.text.includes(word)))
      : [];
    found.sort((one, other) => (one.day < other.day ? 1 : one.day > other.day ? -1 : 0));
    hits.replaceChildren();
    shown = 0;
    if (words.length) {
      showMore();
    } else {
      more.hidden = true;
      count.textContent = "";
    }
  }

  function showMore() {
    const some = found.slice(shown, shown + AT_ONCE);
    hits.append(...some.map(hit));
    shown += some.length;
    more.hidden = shown >= found.length;
    const text = !found.length
      ? place.dataset.none
      : shown < found.length ? place.dataset.shown : place.dataset.found;
    count.textContent = fill(text, { n: found.length, shown });
  }

  function element(name, text, language, className) {
    const made = document.createElement(name);
    made.textContent = text;
    if (language) made.lang = language;
    if (className) made.className = className;
    return made;
  }

  function hit({ day, id, page, title, translated, authors, slugs }) {
    const line = document.createElement("li");
    const link = element("a", title, "en");
    link.href = `${root}${lang}/paper/${page}`;
    const head = element("h3", "");
    head.append(link);
    line.append(head);
    if (translated && lang === "zh") line.append(element("p", translated, "zh-Hans", "translated"));
    const names = slugs.map((slug) => topics[slug]?.[lang]).filter(Boolean).join(", ");
    const meta = element("p", authors ? `${authors} · ` : "", "", "meta");
    meta.append(element("span", id, "", "whole"), " · ", element("span", day, "", "whole"));
    if (names) meta.append(` · ${names}`);
    line.append(meta);
    return line;
  }

  function add(day, papers) {
    for (const [id, page, title, translated, authors, slugs] of papers) {
      const names = slugs.flatMap((slug) => Object.values(topics[slug] ?? {}));
      const text = plain([title, translated, authors, id, ...slugs, ...names].join("\n"));
      arriving.push({ day, id, page, title, translated, authors, slugs, text });
    }
  }

  function open(known) {
    ({ days, topics } = known);
    loadFurther();
  }

  let waiting = 0;
  query.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      history.replaceState(null, "", query.value ? `#${encodeURIComponent(query.value)}` : "#");
      search();
    }, 150);
  });
  further.addEventListener("click", loadFurther);
  more.addEventListener("click", () => {
    const first = shown;
    showMore();
    hits.children[first]?.querySelector("a").focus();
  });
  try {
    query.value = decodeURIComponent(location.hash.slice(1));
  } catch { /* an address that somebody broke */ }
  return { open, add };
})();
