"""Files that tell whether they are whole: a line with their kind and format, a digest of the rest, and the rest.

The digest finds damage and edits; it is no signature, so what is read is checked for sense as well. Damaged files, and
those of other settings, are refused by name and left as they are.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from anneal_theory.errors import DomainError, Words
from anneal_theory.storage import atomic_write

_ELSEWHERE = "give another path, or move what is there away to start anew; nothing was overwritten"


def write_sealed(path: str | Path, kind: str, number: int, content: bytes) -> None:
    """Write a file whole or not at all."""
    digest = hashlib.sha256(content).hexdigest().encode()
    atomic_write(path, _header(kind, number) + digest + b"\n" + content)


def read_sealed(path: str | Path, kind: str, number: int) -> bytes:
    """The content of a file of this kind and format.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_sealed(f"{folder}/kept", "anneal-theory example", 1, b"[1, 2]")
        ...     read_sealed(f"{folder}/kept", "anneal-theory example", 1)
        b'[1, 2]'
    """
    header = _header(kind, number)
    try:
        with Path(path).open("rb") as file:
            genuine = file.read(len(header)) == header
            rest = file.read() if genuine else b""
    except OSError as error:
        raise refused(path, f"a file that can be read ({error.strerror})") from error
    if not genuine:
        raise refused(path, f"a file that begins with {header.decode().strip()!r}, as those of this version do")
    digest, _, content = rest.partition(b"\n")
    if hashlib.sha256(content).hexdigest().encode() != digest:
        raise refused(path, "undamaged (its content does not match its digest)")
    return content


def read_sealed_json(path: str | Path, kind: str, number: int) -> dict[str, object]:
    """The content of a file of this kind and format whose content is a JSON object."""
    try:
        content = json.loads(read_sealed(path, kind, number).decode())
    except DomainError:
        raise
    except (ValueError, RecursionError) as error:
        raise refused(path, f"whole ({type(error).__name__} in its JSON)") from error
    if not isinstance(content, dict):
        raise refused(path, f"whole (its JSON is a {type(content).__name__})")
    return content


def refused(path: str | Path, requirement: str, argument: str = "checkpoint") -> DomainError:
    """The error that refuses a checkpoint (or another thing that is kept) for what it must be."""
    return DomainError.of(argument, requirement, str(path), _ELSEWHERE)


def require_same(
    path: str | Path, kept: dict[str, Any], settings: dict[str, Any], but: frozenset[str] = frozenset(),
    argument: str = "checkpoint",
) -> None:  # fmt: skip
    """Refuse a checkpoint of other settings, which are named, but for `but` (with their groups, "rules.steps")."""
    try:
        there, here = _flat(kept), _flat(json.loads(json.dumps(settings)))
    except RecursionError as error:
        raise refused(path, "whole (its settings are nested too deep)", argument) from error
    none = object()
    differ = {name for name in there.keys() | here.keys() if there.get(name, none) != here.get(name, none)} - but
    names = sorted(differ)
    if names:
        listed = ", ".join(f"{name} ({there.get(name)!r} there, {here.get(name)!r} here)" for name in names[:4])
        more = f" and {len(names) - 4} more" if len(names) > 4 else ""
        found = Words(f"{str(path)!r}, which has others: {listed}{more}")
        raise DomainError.of(argument, "one of the same parameters", found, _ELSEWHERE)


def _header(kind: str, number: int) -> bytes:
    return f"{kind} {number}\n".encode()


def _flat(settings: dict[str, object], above: str = "") -> dict[str, object]:
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        flat |= _flat(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}": value}
    return flat
