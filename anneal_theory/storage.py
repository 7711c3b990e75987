"""Files written whole or not at all, and checked before the work that fills them."""

import errno
import os
import secrets
import stat
import sys
from contextlib import suppress
from pathlib import Path

from anneal_theory.errors import DomainError

if sys.platform != "win32":
    import fcntl

_drafts: set[str] = set()  # being written now


def atomic_write(path: str | Path, content: bytes) -> None:
    """Write a file whole or not at all: an interruption, a full disk or another writer leaves the old one as it was.

    The draft has a name of its own in the file's folder, is forced to the disk and then takes the file's place. A link
    is followed to its file; a device or a pipe, which cannot be replaced, is written to.

    Raises:
        OSError: the file cannot be written, or the disk is full; the message names the file asked for.
    """
    try:
        old = _state(path)
        if old is not None and not stat.S_ISREG(old.st_mode):
            with open(path, "wb", buffering=0) as stream:
                write_all(stream.fileno(), content)
        else:
            place = os.path.realpath(path)
            _check_replaceable(place, old)
            _replace(place, content, old)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def require_writable(path: str | Path | None, argument: str) -> None:
    """Refuse a file that could not be written, before the work that fills it."""
    if path is None:
        return
    try:
        _rehearse(path)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        reason, step = _refusal(os.fspath(path), error)
        raise DomainError.of(argument, reason, str(path), step) from error


def remove_drafts() -> None:
    """Take away what is half written, for a process that ends at once; the files themselves are as they were."""
    for draft in tuple(_drafts):
        with suppress(OSError):
            os.unlink(draft)


def writing() -> bool:
    """Whether a file is being written by some thread now."""
    return bool(_drafts)


def _state(path: str | Path) -> os.stat_result | None:
    """What stands at a path, links followed; None where nothing does."""
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _rehearse(path: str | Path) -> None:
    """Fail as `atomic_write` would, as far as that can be known before."""
    text = os.fspath(path)
    if not text or text.endswith(os.sep):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    old = _state(path)
    if old is not None and stat.S_ISDIR(old.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if old is not None and not stat.S_ISREG(old.st_mode):
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return  # a device or a pipe
    place = os.path.realpath(path)
    _check_replaceable(place, old)
    draft = draft_name(place)
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    os.unlink(draft)


def _refusal(path: str, error: OSError | ValueError) -> tuple[str, str]:
    """What a file must be, and what to do, for the reason why it cannot be written."""
    if not path:
        return "the path of a file", "give the name of a file, or leave it out"
    if isinstance(error, IsADirectoryError):
        return "a file", "this is a folder: add the name of a file"
    if isinstance(error, FileNotFoundError) and os.path.isdir(os.path.dirname(os.path.realpath(path))):  # /proc, say
        return "in a folder that takes new files", "choose another folder"
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "a file in a folder that exists", "make the folder first"
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return "a file with a name that the disk takes", "give a shorter name"
    reason = error.strerror if isinstance(error, OSError) else error
    return f"a file that can be written ({reason})", "choose another file or folder"


def _check_replaceable(place: str, old: os.stat_result | None) -> None:
    """Respect what renaming a draft would not: a file protected against writing, another's in a folder such as /tmp."""
    if old is None:
        return
    if not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    folder = os.stat(os.path.dirname(place))
    if folder.st_mode & stat.S_ISVTX and os.geteuid() not in (0, old.st_uid, folder.st_uid):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


def draft_name(place: str) -> str:
    """A name that no other writer has; it does not hold the file's own, which may be as long as names can be."""
    return os.path.join(os.path.dirname(place), f".anneal-theory-{secrets.token_hex(8)}.part")


def _replace(place: str, content: bytes, old: os.stat_result | None) -> None:
    draft = draft_name(place)
    _drafts.add(draft)
    try:
        # The system applies the user's mask to a new file; reading the mask would change it for other threads.
        mode = 0o666 if old is None else 0o600
        number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        try:
            write_all(number, content)
            if old is not None:
                _take_over(number, old)
            os.fsync(number)
        finally:
            os.close(number)
        os.replace(draft, place)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(draft)
        raise
    finally:
        _drafts.discard(draft)
    _settle(os.path.dirname(place))


def lock(number: int) -> None:
    """Keep other processes from an open file until it is closed (on Windows nothing); BlockingIOError if one has it."""
    if sys.platform != "win32":
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)


def write_all(number: int, content: bytes) -> None:
    """Write to an open file until all is written."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(number, rest) :]


def _take_over(number: int, old: os.stat_result) -> None:
    """Owner and permissions of the file that is replaced."""
    with suppress(PermissionError):
        os.fchown(number, old.st_uid, old.st_gid)
    os.fchmod(number, stat.S_IMODE(old.st_mode) & 0o777)


def _settle(folder: str) -> None:
    """Force the new name to the disk too; some file systems cannot."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
