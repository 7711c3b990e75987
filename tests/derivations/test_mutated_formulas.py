"""The derived functions are what runs: one of them wrong by one per cent moves the numbers that depend on it."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from derivations.users import used
from tests.derivations.moves import JACOBIANS, MOVES, OPTIMA

ROOT = Path(__file__).resolve().parents[2]
_LEAST = 1e-5  # relative: numbers come out to about 1e-8
# The closed forms of the schedules have tests of their own (tests/schedules), against integrals of their definition.
_TESTED_ELSEWHERE = ("schedules.", "schedules_mp.", "equations.")


def _run(arguments, cwd=ROOT, **environment):
    done = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=os.environ | environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def changes():
    """By how much a wrong function moves its numbers, asked of a process without a compiler."""
    run = [sys.executable, "-m", "tests.derivations.mutated_outputs"]
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    with subprocess.Popen(
        run, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as asked:

        def told(function):
            asked.stdin.write(function + "\n")
            asked.stdin.flush()
            return json.loads(asked.stdout.readline())

        yield told
        asked.stdin.close()


@pytest.mark.slow
def test_the_numbers_come_out_alike_when_nothing_is_wrong(changes):
    assert set(changes("nothing").values()) == {0.0}


@pytest.mark.slow
@pytest.mark.parametrize("function", MOVES)
def test_a_wrong_function_moves_its_numbers(changes, function):
    least = 0.0 if function in JACOBIANS | OPTIMA else _LEAST
    for number, change in changes(function).items():
        assert change > least, number


def test_every_function_that_the_package_uses_is_made_wrong():
    assert {name for name in used(ROOT) if not name.startswith(_TESTED_ELSEWHERE)} == set(MOVES)


# The headline numbers, from compiled code.
_PUBLIC = """
import json, sys
import anneal_theory as at
target, schedule, times = at.BimodalTarget(3, "0.8"), at.Exponential(10, 10), [0.0, 3.0]
start = at.ReducedState(0.3, 0.5, 1.0)
full = at.FullState.from_means([0.2, 0.1], [-0.1, 0.3], target)
init = at.GaussianInit(8)
def simulated():
    return float(at.collapse_probability(target, schedule, init, method="simulated", replicas=20000, seed=1).value)
numbers = {
    "file": lambda: at.__file__,
    "threshold": lambda: at.collapse_threshold(target, schedule).value,
    "probability": lambda: at.collapse_probability(target, schedule, init, relative_error=1e-3).value,
    "reduced trajectory": lambda: float(at.solve_flow(target, schedule, start, times)["m1"][-1]),
    "simulated probability": simulated,
    "full trajectory": lambda: float(at.solve_flow(target, schedule, full, times, family_weight=0.4)["m1"][-1]),
}
print(json.dumps({name: number() for name, number in numbers.items()}))
"""
# Of which function which number is made. What else depends on a function is asked of the process without a compiler.
_HEADLINES = {
    "reduced_log_flow": ("threshold", "probability", "reduced trajectory"),
    "full_flow": ("simulated probability",),
}
_UNMOVED = "full trajectory"  # which is followed in centre and difference: see centre_flow


class _Scale(ast.NodeTransformer):
    """Multiplies every entry of the tuple that a function returns by 1.01."""

    def visit_Return(self, node):
        entries = [ast.BinOp(ast.Constant(1.01), ast.Mult(), entry) for entry in node.value.elts]
        return ast.Return(ast.Tuple(entries, ast.Load()))


@pytest.mark.slow
def test_wrong_generated_text_moves_compiled_headlines(tmp_path):
    """The text itself is changed, in a copy of the package that is compiled anew: of both functions at once."""
    right = _run(["-c", _PUBLIC])
    tree = tmp_path / "anneal_theory"
    shutil.copytree(ROOT / "anneal_theory", tree, ignore=shutil.ignore_patterns("__pycache__"))
    file = tree / "formulas" / "alignment.py"
    text = ast.parse(file.read_text("utf-8"))
    for place, node in enumerate(text.body):
        if getattr(node, "name", "") in _HEADLINES:
            text.body[place] = _Scale().visit(node)
    file.write_text(ast.unparse(ast.fix_missing_locations(text)), "utf-8")
    found = _run(["-c", _PUBLIC], cwd=tmp_path, PYTHONPATH=str(tmp_path), NUMBA_CACHE_DIR=str(tmp_path / "cache"))
    assert Path(found.pop("file")).is_relative_to(tmp_path)
    moved = {name for name, value in found.items() if abs(value / right[name] - 1) > _LEAST}
    assert moved == {name for names in _HEADLINES.values() for name in names}
    assert set(found) - moved == {_UNMOVED}
