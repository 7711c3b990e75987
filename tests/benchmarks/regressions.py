"""Every public function of today's tree beside the same call of an earlier one: which have become slower.

    python -m tests.benchmarks.regressions REVISION [--only NAME ...] [--rounds N] [--wall] [--json]

Each tree has a process of its own, which is asked for one call after the other: today's, the earlier one's, and the
other way round in the next round. Each call runs before it is timed, so that neither compilation nor caches count. The
ratio is today's time over the earlier one: above 1 today's is slower. The revision is checked out into a temporary
folder, which is removed at the end; the libraries are the same. Times are the processor's, of all threads of a process
together, so that other work on the machine counts little; with --wall they are the clock's.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from anneal_theory.cli.bench import duration, machine, versions
from tests.benchmarks import worker
from tests.benchmarks.calls import NAMES, Call
from tests.benchmarks.long_calls import LONG_CALLS
from tests.benchmarks.paired import turns
from tests.benchmarks.quick_calls import QUICK_CALLS

ROOT = Path(__file__).resolve().parents[2]
CALLS = (*QUICK_CALLS, *LONG_CALLS)


class NotAnswered(Exception):
    """What a call raised in its process, in its words."""


class Tree:
    """The process that makes the calls of one tree."""

    def __init__(self, root: Path, cache: Path) -> None:
        surroundings = os.environ | {"PYTHONPATH": str(root), "NUMBA_CACHE_DIR": str(cache), "PYTHONSAFEPATH": "1"}
        self._process = subprocess.Popen(
            [sys.executable, worker.__file__], cwd=root, env=surroundings, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.ask("names", NAMES)

    def ask(self, order: str, *arguments: object) -> Any:
        """What the process answers to an order.

        Raises:
            NotAnswered: the call raised something.
        """
        orders, answers = self._process.stdin, self._process.stdout
        assert orders is not None, "opened above"
        assert answers is not None, "opened above"
        print(json.dumps([order, *arguments]), file=orders, flush=True)
        line = answers.readline()
        if not line:
            raise SystemExit(f"the process of {order} {arguments} has ended; its last words are above")
        answer = json.loads(line)
        if "error" in answer:
            raise NotAnswered(answer["error"])
        return answer["answer"]

    def close(self) -> None:
        """End the process, also in the midst of a call."""
        self._process.kill()
        self._process.communicate()


@dataclass(frozen=True)
class Row:
    """Milliseconds a call in both trees, and today's time over the earlier one, round by round; or why not."""

    name: str
    today_ms: float | None = None
    earlier_ms: float | None = None
    ratio: float | None = None
    lowest: float | None = None
    highest: float | None = None
    reason: str = ""
    failed: bool = False

    def to_dict(self) -> dict[str, Any]:
        """As plain data, numbers to four digits."""
        return {
            name: float(f"{value:.4g}") if isinstance(value, float) else value for name, value in asdict(self).items()
        }


@contextmanager
def earlier_tree(revision: str) -> Iterator[Path]:
    """A revision of this repository in a folder of its own, which is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "tree"
        _git("worktree", "add", "--quiet", "--detach", str(root), revision)
        try:
            yield root
        finally:
            _git("worktree", "remove", "--force", str(root))


def _git(*arguments: str) -> None:
    subprocess.run(["git", "-C", str(ROOT), *arguments], check=True, stdout=subprocess.DEVNULL)


def compared(calls: Sequence[Call], revision: str, rounds: int, wall: bool) -> Generator[Row]:
    """The row of each call, as soon as it is known."""
    with earlier_tree(revision) as root, tempfile.TemporaryDirectory() as cache:
        trees = Tree(ROOT, Path(cache, "today")), Tree(root, Path(cache, "earlier"))
        try:
            for number, call in enumerate(calls):
                yield _row(number, call, trees, rounds, wall)
        finally:
            for tree in trees:
                tree.close()


def _row(number: int, call: Call, trees: tuple[Tree, Tree], rounds: int, wall: bool) -> Row:
    today, earlier = trees
    try:
        today.ask("prepare", number, call.given, call.text)
    except NotAnswered as error:
        return Row(call.name, reason=f"today: {error}", failed=True)
    try:
        _prepare_earlier(number, call, earlier)
    except NotAnswered as error:
        return Row(call.name, reason=f"new: {error}" if call.new else f"earlier: {error}", failed=not call.new)
    times = turns([partial(tree.ask, "seconds", number, wall) for tree in trees], rounds)
    for tree in trees:
        tree.ask("drop", number)
    ratios = [mine / before for mine, before in zip(*times, strict=True)]
    today_ms, earlier_ms = (1e3 * statistics.median(one) for one in times)
    return Row(call.name, today_ms, earlier_ms, statistics.median(ratios), min(ratios), max(ratios))


def _prepare_earlier(number: int, call: Call, earlier: Tree) -> None:
    try:
        earlier.ask("prepare", number, call.given, call.text)
    except NotAnswered:
        if not call.earlier:
            raise
        earlier.ask("prepare", number, call.given, call.earlier)


def chosen(names: Collection[str]) -> list[Call]:
    """The calls of the given functions, or with the given names; all where none is given."""
    known = {call.name for call in CALLS} | {call.door for call in CALLS}
    if missing := [name for name in names if name not in known]:
        raise SystemExit(f"--only: no call is named {missing[0]!r}; tests/benchmarks/*_calls.py list them")
    return [call for call in CALLS if not names or call.name in names or call.door in names]


def text(row: Row) -> str:
    """A row for people."""
    if row.ratio is None:
        return f"{row.name:46s}{row.reason}"
    times = f"{duration(row.today_ms or 0):>10s}{duration(row.earlier_ms or 0):>10s}"
    return f"{row.name:46s}{times}{row.ratio:8.3f} ({row.lowest:.3f} to {row.highest:.3f})"


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the options and print the rows; 1 where a call failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("revision", help="the earlier tree, as git names it")
    parser.add_argument("--only", nargs="+", default=(), metavar="NAME", help="functions or rows; all unless given")
    parser.add_argument("--rounds", type=int, default=9, help="turns of each tree a row")
    parser.add_argument("--wall", action="store_true", help="the clock's time instead of the processor's")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    rows = []
    if not options.json:
        print(f"{'':46s}{'today':>10s}{'earlier':>10s}   ratio (least to greatest)")
    with closing(compared(chosen(options.only), options.revision, options.rounds, options.wall)) as found:
        for row in found:
            rows.append(row)
            print(text(row), file=sys.stderr if options.json else sys.stdout, flush=True)
    if options.json:
        about = {"revision": options.revision, "rounds": options.rounds, "wall": options.wall}
        about |= {"date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine(), "versions": versions()}
        print(json.dumps(about | {"rows": [row.to_dict() for row in rows]}, indent=1))
    return int(any(row.failed for row in rows))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # else the earlier tree would stay where it is
    sys.exit(main())
