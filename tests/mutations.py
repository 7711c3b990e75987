"""Which tests fail when a formula is wrong: ``python -m tests.mutations``.

Each mutation is applied to a temporary copy of the source tree, at the place where every route takes the function
from, and the tests run there; the working tree is never touched. Training shares no formula with the theory, so a
theory made wrong must part from it: the command fails (exit code 1) if no test against training does.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
PAGE, HEADING = ROOT / "docs" / "mutations.md", "## Measured\n"
COPIED = ("anneal_theory", "derivations", "tests", "docs", "pyproject.toml", "README.md")
AGAINST_TRAINING = tuple(
    f"tests.agreement.test_{what}_of_training" for what in ("trajectories", "constants", "verdicts")
)
# A failing example is not made smaller: that takes longer than finding it.
NO_SHRINKING = """
from hypothesis import Phase
settings.register_profile("mutated", settings.get_profile("ci"), phases=[Phase.explicit, Phase.generate])
settings.load_profile("mutated")
"""
DEFAULT_TESTS = (
    *(name.replace(".", "/") + ".py" for name in AGAINST_TRAINING),
    "tests/averages/test_double_values.py",
    "tests/averages/test_tables.py",
    "tests/averages/test_multiprecision_values.py",
    "tests/gradient_flow/test_pair_flow.py",
    "tests/gradient_flow/test_trajectories.py",
    "tests/threshold/test_collapse_threshold.py",
    "tests/fixed_points/test_rest_states.py",
    "tests/fixed_points/test_roots_by_integration.py",
    "tests/fixed_points/test_transient_gain.py",
)
TIME_LIMIT = 1800.0  # seconds for the tests of one mutation: a wrong theory may never settle


@dataclass(frozen=True)
class Edit:
    """Every occurrence of a text in a file of the package, and what replaces it."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Mutation:
    """A named wrong formula."""

    what: str
    edits: tuple[Edit, ...]

    @property
    def recompiles(self) -> bool:
        """Whether compiled code changes: numba's cache sees changes of a file, not of what it calls."""
        return any("kernels" in edit.file or "formulas" in edit.file for edit in self.edits)


ONE = "averages/single_sums.py"
SUMS, LARGE, JETS = "averages/quadrature_double.py", "averages/series_evaluation.py", "averages/jets.py"
MUTATIONS = {
    "mmse": Mutation(
        "G x 1.02",
        (
            Edit(SUMS, "return exponent, 0.5 * factor", "return exponent, 1.02 * 0.5 * factor"),
            Edit(ONE, "0.5 * scale", "1.02 * 0.5 * scale"),
            Edit(LARGE,
                 "arithmetic.rational(heavy) / 2 * complement",
                 "arithmetic.rational(heavy) / 2 * complement * 51 / 50"),
            Edit(JETS, "return [series[n] for n in range(count)]",
                 "return [series[n] * 51 / 50 for n in range(count)]"),
        ),
    ),
    "psi-prime": Mutation(
        "psi' x 0.98",
        (
            Edit(SUMS, "return assembled(exponent, factor)", "return 0.98 * assembled(exponent, factor)"),
            Edit(ONE, "return assembled(exponent, factor)", "return 0.98 * assembled(exponent, factor)"),
            Edit(ONE, "return assembled(2 *", "return 0.98 * assembled(2 *"),
            Edit(ONE, "return 2 * decay * float(", "return 0.98 * 2 * decay * float("),
            Edit(LARGE, 'return _plain("psi_prime", of_overlap(m, target))',
                 'return SeriesRequest("psi_prime", (place := of_overlap(m, target)), '
                 'log_size("psi_prime", place.a_size, place.r_size), lambda ctx, plan, value: value * 49 / 50)'),
        ),
    ),
    "psi": Mutation(
        "psi x 1.01",
        (
            Edit(SUMS, "return np.asarray(-np.expm1(-4 * a) * (inverse @ weights))",
                 "return np.asarray(-1.01 * np.expm1(-4 * a) * (inverse @ weights))"),
            Edit(SUMS, "return np.where(inside, np.sin(reduced[:, None] * x) @ weights, 1.0)",
                 "return 1.01 * np.where(inside, np.sin(reduced[:, None] * x) @ weights, 1.0)"),
            Edit(ONE, "return float(np.sin(a / radius * x) @ weights) if a < edge else 1.0",
                 "return 1.01 * float(np.sin(a / radius * x) @ weights) if a < edge else 1.01"),
            Edit(ONE, "return min(1.0, -math.expm1(-4 * a)", "return 1.01 * min(1.0, -math.expm1(-4 * a)"),
        ),
    ),
    "growth": Mutation(
        "growth of log rho x 1.01 (reduced flow)",
        (Edit("formulas/alignment.py", "slope, cosine_squared*slope", "1.01*slope, cosine_squared*slope"),),
    ),
    "clock": Mutation(
        "clock of the schedules without an end x 1.01",
        (
            Edit("schedules/monotone.py", "self._unit * self._clock_form(", "1.01 * self._unit * self._clock_form("),
            Edit("schedules/monotone.py", "scaled_clock=c / self._unit", "scaled_clock=c / self._unit / 1.01"),
            Edit("schedules/monotone.py", "form(scaled_clock=y)", "form(scaled_clock=y / 1.01)"),
        ),
    ),
    "critical": Mutation(
        "T_c x 1.02",
        (Edit("fixed_points/critical.py", "return fold[2]\n", "return 1.02 * fold[2]\n"),),
    ),
    "training-weight": Mutation(
        "w x 1.01 in the gradient of training, instead of the theory",
        (Edit("training/mixture_kernels.py", "o, w, sign = 1 - j, weights[j],",
              "o, w, sign = 1 - j, 1.01 * weights[j],"),),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What the tests of one tree said."""

    mutation: str
    what: str
    tests: int
    failed: tuple[str, ...]
    seconds: float

    @property
    def against_training(self) -> tuple[str, ...]:
        """The failed tests that hold theory against training."""
        return tuple(name for name in self.failed if name.startswith(AGAINST_TRAINING))


def copy_tree(place: Path) -> None:
    """Copy what the tests need, without caches."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__", "_build", "*.nb[ic]"))
        else:
            shutil.copy2(source, place / name)
    with (place / "tests" / "conftest.py").open("a", encoding="utf-8") as file:
        file.write(NO_SHRINKING)


def apply(mutation: Mutation, tree: Path) -> dict[Path, str]:
    """Edit the tree; returns the texts as they were.

    Raises:
        SystemExit: a text to replace is no longer there.
    """
    before = {}
    for edit in mutation.edits:
        file = tree / "anneal_theory" / edit.file
        text = file.read_text("utf-8")
        if edit.old not in text:
            sys.exit(f"{edit.file} no longer holds {edit.old!r}: bring tests/mutations.py up to date")
        before.setdefault(file, text)
        file.write_text(text.replace(edit.old, edit.new), "utf-8")
    return before


def run_tests(tree: Path, tests: Sequence[str], cache: Path) -> tuple[int, tuple[str, ...]]:
    """Number of tests and names of the failed ones, in a process of its own that imports the package from the tree."""
    report = tree / "report.xml"
    report.unlink(missing_ok=True)
    environment = os.environ | {"PYTHONPATH": str(tree), "NUMBA_CACHE_DIR": str(cache), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-B", "-m", "pytest", "-p", "no:cacheprovider", f"--junitxml={report}", *tests]
    try:
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired:
        return 0, (f"(no end within {TIME_LIMIT:g} s)",)
    if done.returncode not in (0, 1) or not report.exists():
        return 0, (f"(pytest stopped: {(done.stdout + done.stderr).strip().splitlines()[-1]})",)
    cases = ET.parse(report).getroot().findall(".//testcase")
    failed = [f"{case.get('classname')}::{case.get('name')}" for case in cases
              if case.find("failure") is not None or case.find("error") is not None]  # fmt: skip
    return len(cases), tuple(failed)


def measure(names: Sequence[str], tests: Sequence[str], console: Console) -> list[Result]:
    """Run the tests on the tree as it is, then with each mutation."""
    results = []
    with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
        tree = Path(folder) / "tree"
        tree.mkdir()
        copy_tree(tree)
        for name in track(["none", *names], "mutations", console=console, disable=not console.is_terminal):
            mutation = MUTATIONS.get(name, Mutation("as it is", ()))
            before, started = apply(mutation, tree), time.monotonic()
            cache = Path(folder) / ("cache-" + (name if mutation.recompiles else "none"))
            count, failed = run_tests(tree, tests, cache)
            results.append(Result(name, mutation.what, count, failed, round(time.monotonic() - started, 1)))
            for file, text in before.items():
                file.write_text(text, "utf-8")
    return results


def by_function(names: Sequence[str]) -> Counter[str]:
    """Number of failed cases by test function."""
    return Counter(name.removeprefix("tests.").split("[")[0] for name in names)


def show(results: Sequence[Result], console: Console) -> None:
    """Print the table of failed tests."""
    table = Table("mutation", "failed", "against training", show_lines=True)
    table.add_column("tests that fail", overflow="fold")
    for result in results:
        counts = f"{len(result.failed)} of {result.tests}", str(len(result.against_training))
        tests = by_function(result.failed).items()
        listed = [name + (f" ({cases} cases)" if cases > 1 else "") for name, cases in tests]
        table.add_row(result.what, *counts, "\n".join(listed) or "none")
    console.print(table)


def page(results: Sequence[Result]) -> str:
    """What the documentation says of the results, in Markdown."""
    unharmed, mutated = results[0], results[1:]
    parts = [f"{unharmed.tests} tests, of which {len(unharmed.failed) or 'none'} fail without a mutation."]
    for result in mutated:
        rows = ["| file | test | cases |", "|---|---|---|"]
        for name, cases in by_function(result.failed).items():
            file, _, test = name.partition("::")
            rows.append(f"| {file} | `{test}` | {cases} |" if test else f"| {file} | | |")
        count = f"{len(result.failed)} fail, {len(result.against_training)} of them against training."
        parts += [f"**{result.what}**: {count}", "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser("python -m tests.mutations", description=__doc__)
    add = parser.add_argument
    add("tests", nargs="*", default=DEFAULT_TESTS, help="files or folders of tests (default: those of the theory)")
    add("--mutation", "-m", action="append", choices=MUTATIONS, help="may be repeated (default: mmse, psi-prime)")
    add("--all", action="store_true", help="every mutation")
    add("--json", action="store_true", help="print JSON instead of a table")
    add("--write", action="store_true", help=f"put the tables into {PAGE.relative_to(ROOT)} too")
    given = parser.parse_args(arguments)
    names = list(MUTATIONS) if given.all else given.mutation or ["mmse", "psi-prime"]
    results = measure(names, given.tests, Console(stderr=True))
    unharmed, mutated = results[0], results[1:]
    if given.write:
        head = PAGE.read_text("utf-8").partition(HEADING)[0]
        PAGE.write_text(f"{head}{HEADING}\n{page(results)}", "utf-8")
    if given.json:
        rows = [asdict(result) | {"against_training": result.against_training} for result in results]
        print(json.dumps(rows, indent=1))
    else:
        show(results, Console())
    if unharmed.failed:
        print("tests fail without any mutation: mend these first", file=sys.stderr)
        return 2
    return 0 if all(result.against_training for result in mutated) else 1


if __name__ == "__main__":
    sys.exit(main())
