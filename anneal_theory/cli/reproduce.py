"""`anneal-theory reproduce`: every number and picture in the README and the documentation comes from here."""

import importlib
import io
import re
import shlex
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Annotated

from anneal_theory.cli.checkout import checkout
from anneal_theory.cli.option_fields import flag
from anneal_theory.cli.output import busy
from anneal_theory.cli.pictures import stale_pictures
from anneal_theory.errors import DomainError
from anneal_theory.storage import atomic_write, require_writable

# A block: a comment that names what it shows, the text, and the closing comment.
_BLOCK = re.compile(r"(<!-- reproduce: (?P<what>[^\n]+?) -->\n)(?P<text>.*?)(<!-- end of reproduce -->)", re.DOTALL)
PAGES = ("README.md", "docs/*.md", "docs/how_to/*.md", "docs/tutorials/*.md")


def reproduce(
    *, check: Annotated[bool, flag("compare with the files that are there, and write nothing")] = False
) -> int:
    """Compute every number and picture in the README and the documentation again (source checkouts only).

    Exit code 0, or 1 if, with --check, a page differs.
    """
    root = checkout("reproduce")
    stale = []
    for page in sorted(path for pattern in PAGES for path in root.glob(pattern)):
        if not check:
            require_writable(page, "the page")
        old = page.read_text(encoding="utf-8")
        stale += stale_pictures(old, root, check)
        new = _BLOCK.sub(lambda found: f"{found[1]}{block(found['what'])}{found[4]}", old)
        if new == old:
            continue
        stale.append(str(page.relative_to(root)))
        if not check:
            atomic_write(page, new.encode())
    if stale and check:
        print(f"anneal-theory: differs from what the package computes: {', '.join(stale)}", file=sys.stderr)
        print("run anneal-theory reproduce and look at the difference", file=sys.stderr)
    else:
        print(f"written: {', '.join(stale)}" if stale else "every number and picture is as computed")
    return int(bool(stale) and check)


def block(what: str) -> str:
    """The text of one block.

    Args:
        what: Name of a table of `docs/studies/tables.py`, or a command line that starts with `$`.
    """
    with busy(what):
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
