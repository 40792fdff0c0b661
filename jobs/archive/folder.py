"""The archive's folder: whole files, written only where they differ, each in one stroke."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from storage.errors import UserError

_PART = ".part"


class DiskFolder:
    """A folder on a disk. What cannot be done raises UserError, naming the file."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def check(self) -> None:
        """Make the folder if it is not there, and see that it can be written."""
        with _told(self.root):
            self.root.mkdir(exist_ok=True)
            trial = self.root / f".paperround{_PART}"
            trial.write_bytes(b"")
            trial.unlink()

    def read(self, path: str) -> str | None:
        """A file's text; None where there is none. What is not UTF-8 is replaced."""
        file = self._file(path)
        with _told(file):
            try:
                return file.read_bytes().decode("utf-8", "replace")
            except FileNotFoundError:
                return None

    def paths(self, place: str) -> list[str]:
        """The files under a path, in order; that path alone where it is a file itself."""
        top = self._file(place)
        with _told(top):
            if top.is_file():
                return [place]
            found = (Path(folder, name) for folder, _, names in os.walk(top) for name in names)
            return sorted(file.relative_to(self.root).as_posix() for file in found)

    def write(self, path: str, text: str) -> bool:
        """Have the file hold `text`: whole or, if that fails, as it was. Whether it changed."""
        file, wanted = self._file(path), text.encode()
        with _told(file):
            with suppress(FileNotFoundError):
                if file.read_bytes() == wanted:
                    return False
            file.parent.mkdir(parents=True, exist_ok=True)
            _replace(file, wanted)
        return True

    def remove(self, path: str) -> bool:
        """Take a file away, and folders that this leaves empty; whether it was there."""
        file = self._file(path)
        with _told(file):
            try:
                file.unlink()
            except FileNotFoundError:
                return False
        with suppress(OSError):  # the first that is not empty
            for folder in map(self._file, map(str, PurePosixPath(path).parents[:-1])):
                folder.rmdir()
        return True

    def _file(self, path: str) -> Path:
        """Where a path of the archive is; it never leads out of the folder."""
        steps = PurePosixPath(path)
        if steps.is_absolute() or ".." in steps.parts:
            raise ValueError(f"{path} leads out of the archive")
        return self.root / steps


def _replace(file: Path, content: bytes) -> None:
    """Write beside the file, then put it in its place. One process writes at a time."""
    part = file.with_name(f".{file.name}{_PART}")
    try:
        part.write_bytes(content)
        part.replace(file)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UserError("archive.failed", file=file, reason=reason) from error
