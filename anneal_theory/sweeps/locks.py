"""One process at a time: the lock of a file or a store that keeps cells."""

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

from anneal_theory.errors import DomainError
from anneal_theory.sealed import refused
from anneal_theory.storage import lock


class Lock:
    """The right to write to a file or a store, until `close` or the end of this process: a file of that name with
    ``.lock`` behind it.

    Another process that has it is named; `argument` is the one that names the file.
    """

    def __init__(self, kept: Path, argument: str = "store") -> None:
        self._path, self._argument, self._number = Path(f"{kept}.lock"), argument, -1
        while self._number < 0:
            self._number = self._open(kept)

    def _open(self, kept: Path) -> int:
        """The file's number with the lock on it; -1 where its last holder has just taken it away."""
        try:
            number = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            what = f"in a folder that exists and takes new files ({error.strerror})"
            reads = " (xarray.open_zarr reads what there is)" if kept.is_dir() else ""
            raise DomainError.of(self._argument, what, str(kept), f"choose another folder{reads}") from error
        try:
            lock(number)
            if sys.platform != "win32":  # where a file that is open cannot be taken away
                if not self._path.exists() or os.fstat(number).st_ino != os.stat(self._path).st_ino:
                    os.close(number)
                    return -1
            os.ftruncate(number, 0)
            os.write(number, f"process {os.getpid()} on {socket.gethostname()}".encode())
        except BlockingIOError as error:
            holder = os.read(number, 200).decode(errors="replace") or "another process"
            os.close(number)
            step = "wait until that has ended, or give another path"
            raise DomainError.of(self._argument, f"free: {holder} writes to it now", str(kept), step) from error
        except OSError as error:
            os.close(number)
            what = f"on a disk that has room and can lock files ({error.strerror})"
            raise refused(kept, what, self._argument) from error
        return number

    def close(self) -> None:
        """Let go of it."""
        if self._number >= 0:
            with suppress(OSError):
                os.unlink(self._path)
            os.close(self._number)
            self._number = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ending: object) -> None:
        self.close()


class LockHolder:
    """What keeps cells under a lock, which the end of a `with` gives back."""

    _lock: Lock | None = None

    def close(self) -> None:
        """Let go of what is kept."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ending: object) -> None:
        self.close()
