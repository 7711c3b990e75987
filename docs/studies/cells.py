"""The cells of a study: worked at as those of sweeps are, and kept in the study's JSON file as soon as they are there.

Cells that the file holds are not computed again; to renew them all, take the file away first.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from anneal_theory.errors import DomainError, Interrupted, SolveError
from anneal_theory.storage import atomic_write
from anneal_theory.sweeps.rows import RowFile

Row: TypeAlias = dict[str, Any]


def spelled(document: Row) -> str:
    """A study's document as its file has it."""
    return json.dumps(document, indent=1) + "\n"


def row_file(
    path: Path, names: tuple[str, ...], part: str = "cells", *, text: Callable[[Row], str] = spelled, **around: str
) -> RowFile[Any]:
    """The rows that stand under one name of a study's file; what else it has stays.

    Args:
        path: The file.
        names: What of a row tells its cell.
        part: The name.
        text: The file of a document.
        **around: What the document says besides.
    """

    def read(path: Path) -> dict[Any, Row]:
        document: Row = json.loads(path.read_text("utf-8"))
        return {tuple(row[name] for name in names): row for row in document.get(part, [])}

    def write(path: Path, rows: Any) -> None:
        document: Row = json.loads(path.read_text("utf-8")) if path.exists() else {}
        atomic_write(path, text(document | around | {part: list(rows.values())}).encode())

    return RowFile(path, read, write)


def in_words(main: Callable[[], object]) -> None:
    """Run a study; what ends it early is one line."""
    try:
        main()
    except (DomainError, Interrupted, OSError, SolveError) as error:
        raise SystemExit(str(error)) from error
