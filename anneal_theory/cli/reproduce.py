"""`anneal-theory reproduce`: every number and picture in the README and the documentation comes from here."""

import importlib
import io
import re
import shlex
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated

from anneal_theory.cli.checkout import checkout
from anneal_theory.cli.option_fields import flag, letter, typed_integer
from anneal_theory.cli.pictures import stale_pictures
from anneal_theory.errors import DomainError
from anneal_theory.numerics.pools import cores
from anneal_theory.storage import atomic_write, require_writable

# A block: a comment that names what it shows, the text, and the closing comment.
_BLOCK = re.compile(r"(<!-- reproduce: (?P<what>[^\n]+?) -->\n)(?P<text>.*?)(<!-- end of reproduce -->)", re.DOTALL)
PAGES = ("README.md", "docs/*.md", "docs/how_to/*.md", "docs/tutorials/*.md")


def reproduce(
    *,
    check: Annotated[bool, flag("compare with the files that are there, and write nothing")] = False,
    workers: Annotated[str | None, letter("processes", "one a core unless given")] = None,
) -> int:
    """Compute every number and picture in the README and the documentation again (source checkouts only).

    A page is written as soon as its numbers are there. Exit code 0, or 1 if, with --check, a page differs.
    """
    root = checkout("reproduce")
    pages = sorted(path for pattern in PAGES for path in root.glob(pattern))
    for page in [] if check else pages:
        require_writable(page, "the page")
    stale = _renewed(root, pages, check, cores() if workers is None else typed_integer(workers, "workers"))
    if stale and check:
        print(f"anneal-theory: differs from what the package computes: {', '.join(stale)}", file=sys.stderr)
        print("run anneal-theory reproduce and look at the difference", file=sys.stderr)
    else:
        print(f"written: {', '.join(stale)}" if stale else "every number and picture is as computed")
    return int(bool(stale) and check)


def _renewed(root: Path, pages: list[Path], check: bool, workers: int) -> list[str]:
    """What was not as it is computed, page by page; it is written unless only checked."""
    from anneal_theory.sweeps.rows import fill_rows

    old = {page: page.read_text(encoding="utf-8") for page in pages}
    lacks = {page: {match["what"] for match in _BLOCK.finditer(text)} for page, text in old.items()}
    texts: dict[str, str] = {}
    stale: dict[Path, list[str]] = {}

    def settle() -> None:
        for page in pages:
            if page in stale or not lacks[page] <= texts.keys():
                continue
            stale[page] = stale_pictures(old[page], root, check)
            new = _BLOCK.sub(lambda match: f"{match[1]}{texts[match['what']]}{match[4]}", old[page])
            if new != old[page]:
                stale[page].append(str(page.relative_to(root)))
                if not check:
                    atomic_write(page, new.encode())

    def keep(what: str, text: str) -> None:
        texts[what] = text
        settle()

    settle()
    blocks = dict.fromkeys(match["what"] for text in old.values() for match in _BLOCK.finditer(text))
    fill_rows(
        {what: what for what in blocks}, block, what="reproduce", keeper="", keep=keep,
        workers=None if workers == 1 else workers,
    )  # fmt: skip
    return [name for page in pages for name in stale[page]]


def block(what: str) -> str:
    """The text of one block. It is a table of `docs/studies/tables.py`, or a command line that starts with `$`."""
    return _console(what[1:].strip()) if what.startswith("$") else _table(what)


def _table(name: str) -> str:
    root = str(checkout("reproduce"))
    if root not in sys.path:
        sys.path.insert(0, root)  # tables are made by the studies, which are not installed
    makers: dict[str, Callable[[], str]] = importlib.import_module("docs.studies.tables").TABLES
    if name not in makers:
        raise DomainError.of(
            "reproduce", f"one of {', '.join(makers)} or a command", name, "correct the page's comment"
        )
    return makers[name]() + "\n"


def _console(command: str) -> str:
    from anneal_theory.cli.app import run

    program, *arguments = shlex.split(command)
    if program != "anneal-theory":
        raise DomainError.of("reproduce", "a command of anneal-theory", command, "correct the page's comment")
    out = io.StringIO()
    with redirect_stdout(out):
        code = run(arguments)
    if code:
        raise DomainError(f"the page's command `{command}` failed with exit code {code}")
    return f"```console\n$ {command}\n{out.getvalue()}```\n"
