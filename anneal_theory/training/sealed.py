"""Files with a digest of their content: damaged ones, and those of other settings, are refused by name."""

import hashlib
import json
from pathlib import Path
from typing import Any

from anneal_theory.errors import DomainError
from anneal_theory.results import plain
from anneal_theory.storage import atomic_write

_ELSEWHERE = "give another path, or move the file away to start anew; nothing was overwritten"


def write_sealed(path: str | Path, header: bytes, content: bytes) -> None:
    """Write a file: header, digest, content; a run killed while writing leaves the previous one as it was."""
    digest = hashlib.sha256(content).hexdigest().encode()
    atomic_write(path, header + digest + b"\n" + content)


def read_sealed(path: str | Path, header: bytes) -> bytes:
    """The content of a file that `write_sealed` wrote.

    Raises:
        DomainError: it cannot be read, has another header, or its content is not that of its digest.
    """
    try:
        whole = Path(path).read_bytes()
    except OSError as error:
        raise refusal(path, f"a file that can be read ({error.strerror})") from error
    if not whole.startswith(header):
        raise refusal(path, f"a checkpoint of anneal-theory that begins with {header.decode().strip()!r}")
    digest, _, content = whole[len(header) :].partition(b"\n")
    if hashlib.sha256(content).hexdigest().encode() != digest:
        raise refusal(path, "undamaged (its content does not match its digest)")
    return content


def refusal(path: str | Path, requirement: str) -> DomainError:
    """The error that refuses a checkpoint."""
    return DomainError.of("checkpoint", requirement, str(path), _ELSEWHERE)


def spelled(settings: dict[str, Any]) -> str:
    """Settings as one line of JSON, the same for equal ones."""
    return json.dumps(plain(settings), sort_keys=True)


def require_same(path: str | Path, found: dict[str, Any], settings: dict[str, Any], but: frozenset[str]) -> None:
    """Refuse a checkpoint of other settings.

    Args:
        path: The file.
        found: Its settings, as plain data.
        settings: Those of this run.
        but: Names (with their groups, "rules.steps") that may differ.

    Raises:
        DomainError: some differ (the message names them).
    """
    there, here = _flat(found), _flat(json.loads(spelled(settings)))
    none = object()
    differ = {name for name in there.keys() | here.keys() if there.get(name, none) != here.get(name, none)} - but
    names = sorted(differ)
    if names:
        listed = ", ".join(f"{name} ({there.get(name)!r} there, {here.get(name)!r} here)" for name in names[:4])
        more = f" and {len(names) - 4} more" if len(names) > 4 else ""
        raise refusal(path, f"of the same parameters; {listed}{more} differ")


def _flat(settings: dict[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        flat |= _flat(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}": value}
    return flat
