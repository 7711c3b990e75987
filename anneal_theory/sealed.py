"""JSON files that tell whether they are whole: each holds its kind, its format and a digest of all the rest.

The digest finds damage and edits; it is no signature, so what is read is checked for sense as well.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from anneal_theory.errors import DomainError
from anneal_theory.storage import atomic_write

_SEAL = ("kind", "format", "sha256")
_LARGEST = 2**30  # bytes


def write_sealed(path: str | Path, kind: str, number: int, content: dict[str, Any]) -> None:
    """Write a file whole or not at all.

    Args:
        path: The file.
        kind: What it is, in words.
        number: Of the format of the content.
        content: JSON data without the keys "kind", "format" and "sha256".
    """
    document = {"kind": kind, "format": number, **content}
    document["sha256"] = _digest(document)
    atomic_write(path, (json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode())


def read_sealed(path: str | Path, kind: str, number: int, argument: str) -> dict[str, Any]:
    """The content of a file of this kind and format.

    Raises:
        DomainError: it is not that, or not as it was written; the message says in what.
    """
    try:
        if Path(path).stat().st_size > _LARGEST:
            raise refused(path, argument, "it has more than a gigabyte")
        document = json.loads(Path(path).read_bytes().decode())
    except OSError as error:
        raise refused(path, argument, f"it cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise refused(path, argument, "it is cut off, damaged or no JSON") from error
    if not isinstance(document, dict) or document.get("kind") != kind:
        raise refused(path, argument, f"it is another file, not of {kind}")
    if document.get("format") != number:
        raise refused(
            path, argument, f"its format is {document.get('format')!r}, not {number}: another version wrote it"
        )
    if document.get("sha256") != _digest(document):
        raise refused(path, argument, "its digest does not match its content: it was altered or damaged")
    return {name: value for name, value in document.items() if name not in _SEAL}


def refused(path: str | Path, argument: str, reason: str) -> DomainError:
    """The error about a file, with the reason and what to do."""
    return DomainError.of(
        argument, "a whole file that this command wrote", str(path), f"{reason}; move it away to start anew"
    )


def _digest(document: dict[str, Any]) -> str:
    rest = {name: value for name, value in document.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
