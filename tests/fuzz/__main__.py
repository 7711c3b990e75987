"""Legal and illegal calls of every public function, drawn from the table of quantities.

    python -m tests.fuzz --calls 20000 --seed 1 --processes 2
    python -m tests.fuzz --calls 200 --function collapse_threshold

Prints, by function, the number of calls, answers, documented refusals and failures, and each failure as a call that can
be pasted. Ends with status 1 if there was one.
"""

import argparse
import sys
import time

from tests.fuzz.run import fuzz, table

_USE = """To paste a call:
  import anneal_theory as at, mpmath, numpy as np; from fractions import Fraction
  from decimal import Decimal; FOLDER = "/tmp"
  from anneal_theory.training.adaptive import AdaAnn, ConstantESS
  from anneal_theory.training.baselines import BaselineRules
  from anneal_theory.training.rules import TrainingRules
  import importlib; importlib.import_module("anneal_theory....")  # where a call names a module"""


_EVERY = 500  # calls between two words on how far it is


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=1000, help="how many calls")
    parser.add_argument("--seed", type=int, default=0, help="of the draws; a call depends on it and its number alone")
    parser.add_argument("--function", default="", help="only functions whose name contains this")
    parser.add_argument("--processes", type=int, default=1, help="how many make calls at once")
    parser.add_argument("--limit", type=float, default=20.0, help="seconds that a call may take")
    given = parser.parse_args()
    start, verdicts = time.perf_counter(), []
    for one in fuzz(given.calls, given.seed, given.function, given.processes, given.limit):
        verdicts.append(one)
        if one.outcome == "failure":
            print(f"{one.call.text}\n    {one.call.kind}: {one.reason}\n", flush=True)
        if len(verdicts) % _EVERY == 0:
            print(f"{len(verdicts)} calls in {(time.perf_counter() - start) / 60:.1f} minutes", file=sys.stderr)
    failures = sum(one.outcome == "failure" for one in verdicts)
    print(_USE + "\n" if failures else "", end="")
    print(table(verdicts))
    took = (time.perf_counter() - start) / 60
    print(f"\n{len(verdicts)} calls, {failures} failures, seed {given.seed}, {took:.1f} minutes")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
