"""Files written whole or not at all, and checked before the work that fills them."""

import os
import stat
import tempfile
from pathlib import Path

from anneal_theory.errors import DomainError


def atomic_write(path: str | Path, content: bytes) -> None:
    """Write a file whole or not at all: an interruption, a full disk or another writer leaves the old one as it was.

    The draft has a name of its own in the file's folder, is forced to the disk and then takes the file's place. A link
    is followed to its file; a device or a pipe, which cannot be replaced, is written to.

    Args:
        path: The file; its folder must exist.
        content: All of it.

    Raises:
        OSError: the folder cannot be written to, or the disk is full; the message names the file asked for.
    """
    place = Path(os.path.realpath(path))
    try:
        if place.exists() and not place.is_file():
            place.write_bytes(content)
        else:
            _replace(place, content)
    except OSError as error:
        if error.filename is not None:
            raise type(error)(error.errno, error.strerror, str(path)) from error
        raise OSError(error.errno, error.strerror, str(path)) from error


def _replace(place: Path, content: bytes) -> None:
    number, draft = tempfile.mkstemp(prefix=f".{place.name[:100]}.", suffix=".part", dir=place.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), _mode(place))
            os.fsync(file.fileno())
        os.replace(draft, place)
    except BaseException:
        os.unlink(draft)
        raise


def _mode(place: Path) -> int:
    """The permissions of the file that is replaced, or those that a new file has."""
    if place.exists():
        return stat.S_IMODE(place.stat().st_mode)
    mask = os.umask(0)  # the only way to read it
    os.umask(mask)
    return 0o666 & ~mask


def require_writable(path: str | Path | None, argument: str) -> None:
    """Refuse a file that could not be written, before the work that fills it.

    Args:
        path: The file; None is fine.
        argument: Name for the message.

    Raises:
        DomainError: its folder does not exist or cannot be written to, or the path is one of a folder.
    """
    if path is None:
        return
    place = Path(os.path.realpath(path))
    if place.is_dir():
        raise DomainError.of(argument, "a file", str(path), "this is a folder: add the name of a file")
    if not place.parent.is_dir():
        raise DomainError.of(argument, "a file in a folder that exists", str(path), "make the folder first")
    if place.exists() and not place.is_file():
        return  # a device or a pipe
    try:
        number, draft = tempfile.mkstemp(prefix=f".{place.name[:100]}.", suffix=".part", dir=place.parent)
    except OSError as error:
        raise DomainError.of(
            argument, f"a file that can be written ({error.strerror})", str(path), "choose another folder"
        ) from error
    os.close(number)
    os.unlink(draft)
