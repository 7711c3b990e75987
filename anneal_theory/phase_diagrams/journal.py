"""The file that keeps the cells of a phase diagram: a line for each, added as soon as it is computed.

A process that is killed loses the cells that it was at. Every line has a digest, and a line that was not finished is
taken off; other damage is refused by name, as is a file of another map, or one that a running process writes to.
"""

import hashlib
import json
import math
import os
import stat
from pathlib import Path
from typing import Any

from anneal_theory.errors import DomainError
from anneal_theory.phase_diagrams.grid import NUMBERS, Cell
from anneal_theory.results import plain
from anneal_theory.sealed import refused, require_same
from anneal_theory.storage import require_writable, write_all
from anneal_theory.sweeps.locks import Lock, LockHolder
from anneal_theory.sweeps.running import Place

_HEADER = b"anneal-theory phase diagram 1\n"
_DIGEST = 16  # letters of a line's digest


class Journal(LockHolder):
    """The cells known so far, in memory and, if there is one, in a file; settings say in plain data what map it is."""

    def __init__(self, path: str | Path | None, settings: dict[str, object], shape: tuple[int, int]) -> None:
        self.cells: dict[Place, Cell] = {}
        self.path, self._shape, self._number = path, shape, -1
        if path is None:
            return
        require_writable(path, "checkpoint")
        if os.path.exists(path) and not stat.S_ISREG(os.stat(path).st_mode):
            raise DomainError.of("checkpoint", "a file", str(path), "a device or a pipe keeps nothing: name a file")
        self._lock = Lock(Path(path), "checkpoint")
        try:
            self._number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
            self._read(path, settings)
        except BaseException:
            self.close()
            raise

    def keep(self, place: Place, cell: Cell) -> None:
        """Add a cell to the file; what is in memory are the cells that the file held at first."""
        if self._number >= 0:
            self._write(_line({"at": list(place), **plain(cell._asdict())}))

    def close(self) -> None:
        """Let go of the file."""
        if self._number >= 0:
            os.close(self._number)
            self._number = -1
        super().close()

    def _read(self, path: str | Path, settings: dict[str, object]) -> None:
        content = b"".join(iter(lambda: os.read(self._number, 1 << 20), b""))
        head = content[: len(_HEADER)]
        if not _HEADER.startswith(head):
            header = _HEADER.decode().strip()
            raise refused(path, f"a file that begins with {header!r}, as those of this version do")
        *lines, rest = content[len(head) :].split(b"\n")
        if not lines:  # new, or killed before the first line was written
            os.ftruncate(self._number, 0)
            self._write(_HEADER + _line({"settings": settings}))
            return
        for number, line in enumerate(lines, 2):  # as editors count
            try:
                record = _opened(line)
                if number == 2:
                    require_same(path, dict(record["settings"]), settings)
                else:
                    place, cell = _cell_of(record, self._shape)
                    self.cells[place] = cell
            except (KeyError, TypeError, ValueError, RecursionError) as error:
                if isinstance(error, DomainError):
                    raise
                raise refused(path, f"undamaged (line {number} is not as it was written)") from error
        if rest:
            os.ftruncate(self._number, len(content) - len(rest))

    def _write(self, content: bytes) -> None:
        try:
            write_all(self._number, content)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self.path)) from error


def _line(record: dict[str, object]) -> bytes:
    content = json.dumps(record, allow_nan=False).encode()
    return _digest(content) + b" " + content + b"\n"


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest()[:_DIGEST].encode()


def _opened(line: bytes) -> Any:
    """The record in a line."""
    digest, _, content = line.partition(b" ")
    if _digest(content) != digest:
        raise ValueError("another digest")
    return json.loads(content)


def _cell_of(record: Any, shape: tuple[int, int]) -> tuple[Place, Cell]:
    """The place and the cell of a record; ValueError, KeyError or TypeError where it makes no sense."""
    first, second = record["at"]
    numbers: dict[str, Any] = {name: float(record[name]) for name in NUMBERS}
    cell = Cell(note=record["note"], refusal=record["refusal"], **numbers)
    words = isinstance(cell.note, str) and isinstance(cell.refusal, str)
    inside = type(first) is int and type(second) is int and 0 <= first < shape[0] and 0 <= second < shape[1]
    if not (words and inside and (0 <= cell.value <= 1 or (math.isnan(cell.value) and cell.refusal))):
        raise ValueError("no cell of this map")
    return (first, second), cell
