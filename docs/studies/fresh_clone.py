"""What the README's two commands take on a fresh clone: times that `.ci/run` prints, kept for the README.

`.ci/run` makes both environments anew, each without compiled code from before. Written anew by

    .ci/run 2>&1 | tee ci.log && python -m docs.studies.fresh_clone ci.log

and then by `anneal-theory reproduce`.
"""

import json
import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

STORED = Path(__file__).with_suffix(".json")
_STEP = re.compile(r"^=== \[ *(\d+) s\] (.*)$", re.MULTILINE)


def times_of(log: str) -> dict[str, Any]:
    """Day, machine, seconds of each of the README's commands, and how many tests passed.

    Args:
        log: What `.ci/run` printed.

    Example:
        >>> times_of("=== [   0 s] 2026-01-31, 2 cores, Linux x86_64\\n=== [   1 s] README, tests: x\\n"
        ... "7 passed in 3.2s\\n=== [ 61 s] ruff\\n")
        {'date': '2026-01-31', 'machine': '2 cores, Linux x86_64', 'tests': 7, 'seconds': {'tests': 60}}
    """
    steps = [(int(begun), title) for begun, title in _STEP.findall(log)]
    date, _, machine = steps[0][1].partition(", ")
    seconds = {
        re.split(r"[ :]+", title)[1]: after - begun
        for (begun, title), (after, _) in pairwise(steps)
        if title.startswith("README, ")
    }
    passed = re.search(r"^(\d+) passed", log, re.MULTILINE)
    if not seconds or passed is None:
        raise SystemExit("this is not what a whole .ci/run prints")
    return {"date": date, "machine": machine, "tests": int(passed[1]), "seconds": seconds}


def fresh_clone() -> str:
    """The sentence of the README."""
    found: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))
    report, tests = (_told(found["seconds"][name]) for name in ("report", "tests"))
    return (
        f"Each in a new environment, the first takes {report}, and the second {tests} for its {found['tests']} tests\n"
        f"(measured on {found['date']}, {found['machine']}, with a cache of what pip downloads)."
    )


def _told(seconds: int) -> str:
    """A time in words.

    Example:
        >>> _told(51), _told(570)
        ('51 s', '9 min 30 s')
    """
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


if __name__ == "__main__":
    kept = times_of(Path(sys.argv[1]).read_text(encoding="utf-8"))
    STORED.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
