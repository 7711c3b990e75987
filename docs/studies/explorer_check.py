"""The explorer's numbers beside the package's: `python -m docs.studies.explorer_check`, in headless Chromium.

It draws settings from the fields' whole domain, computes probability, threshold and a run of each in the package and in
the page, and stores both with their largest differences in `docs/studies/explorer.json`, which the page quotes.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import anneal_theory as at
from anneal_theory.errors import DomainError
from anneal_theory.gradient_flow import ReducedState
from anneal_theory.gradient_flow.sphere_starts import SphereState
from anneal_theory.storage import atomic_write
from docs.chromium import Browser
from docs.explorer.build import SUMMARY, page

SETTINGS = 50
SEED = 20260
LEAST = 1e-12  # thresholds below are compared as 0: their logarithms are of no use to a reader
_WORDS = {
    "probability": "P",
    "map": "P of a cell of the map",
    "threshold": "logarithm of the threshold",
    "overlaps": "overlaps of a run, in units of R^2",
    "temperature": "temperature of a run, relative",
}
_PATIENCE = 1800  # seconds for all settings
_ON_SPHERE = {"constraint": "sphere", "variance": "trained"}
_SCHEDULES: dict[str, Callable[[float, float], Any]] = {
    "exponential": at.Exponential,
    "exponential-to-one": lambda hot, span: at.ExponentialToOne(hot, duration=span),
    "linear": at.Linear,
    "hold": at.Hold,
}
_ASK = """
// The answer with one generated rate that is 1 % too large, where that is asked for.
function mutated([name, place], work) {
  const right = formulas[name];
  formulas[name] = (...given) => {
    const found = right(...given);
    if (!Array.isArray(found)) return 1.01 * found;
    found[place] *= 1.01;
    return found;
  };
  try {
    return work();
  } finally {
    formulas[name] = right;
  }
}

function answer({setting, times, quick}) {
  const wrong = faults(setting);
  if (Object.keys(wrong).length > 0) return {faults: wrong};
  const model = modelOf(setting);
  try {
    const found = {
      threshold: centralThreshold(model, 1e-6),
      run: runOf(model, shownState(model, Math.log(setting.alignment)), times).map((p) => [p.m1, p.m2, p.temperature]),
    };
    if (quick) return found;
    const begun = performance.now();
    found.probability = whole(probability(model));
    found.seconds = (performance.now() - begun) / 1000;
    found.map = whole(probability(model, 0, 1e-2));
    return found;
  } catch (error) {
    return {undecided: String(error)};
  }
}

function answers(wanted) {
  const found = wanted.map((one) => (one.mutation ? mutated(one.mutation, () => answer(one)) : answer(one)));
  return JSON.stringify(found, (_, x) => (x === Infinity ? "inf" : x));
}
"""


@contextmanager
def opened(script: str | None = None, patience: float = 120, **look: Any) -> Iterator[Browser]:
    """The explorer in a browser without a network.

    Args:
        script: One's own in the place of the page's.
        patience: Seconds that an answer may take.
        **look: Width, height and colours of `Browser.open`.
    """
    with tempfile.TemporaryDirectory() as folder, Browser(patience) as browser:
        file = Path(folder) / "explorer.html"
        file.write_text(page(script), encoding="utf-8")
        browser.open(file, **look)
        yield browser


def in_browser(wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The page's numbers of settings and times.

    Args:
        wanted: Each a `setting` and `times`; `quick` leaves P out; `mutation`, a generated function and the place of
            one of its results, makes that 1 % larger.
    """
    with opened(_ASK, _PATIENCE) as browser:
        found = json.loads(browser.value(f"answers({json.dumps(wanted)})"))
    return [_finite(one) for one in found]


def _finite(one: dict[str, Any]) -> dict[str, Any]:
    return {name: float("inf") if value == "inf" else value for name, value in one.items()}


def drawn(seed: int) -> Iterator[dict[str, Any]]:
    """Settings from the fields' domain without end, each with times to look at a run."""
    rng = np.random.default_rng(seed)
    while True:
        sphere = bool(rng.integers(2))
        t0 = float(f"{10 ** rng.uniform(-1, 3):.3g}")
        setting = {
            "model": "sphere" if sphere else "free",
            "separation": round(rng.uniform(1, 5), 2),
            "weight": round(rng.uniform(0.5, 0.95), 2),
            "dim": round(10 ** rng.uniform(np.log10(3 if sphere else 2), 4)),
            "hot": float(f"{10 ** rng.uniform(0, 4):.3g}"),
            "t0": t0,
            "objective": ["tempered-target", "free-energy"][rng.integers(2)],
            "schedule": list(_SCHEDULES)[rng.integers(4)],
            "alignment": float(f"{10 ** rng.uniform(-3, 0):.3g}"),
        }
        yield {"setting": setting, "times": [0.1 * t0, 0.4 * t0, 0.9 * t0, 1.8 * t0]}


def in_package(one: dict[str, Any]) -> dict[str, Any]:
    """The package's numbers of a setting."""
    setting, times = one["setting"], one["times"]
    sphere = setting["model"] == "sphere"
    target = at.BimodalTarget(setting["separation"], setting["weight"])
    hot = setting["hot"]
    schedule = at.Constant(1) if hot == 1 else _SCHEDULES[setting["schedule"]](hot, setting["t0"])
    rules = {"objective": setting["objective"]} | (_ON_SPHERE if sphere else {})
    init = (at.SphereInit if sphere else at.GaussianInit)(setting["dim"])
    rho = setting["alignment"]
    if sphere:
        start: Any = SphereState(cosine=rho / (1 + rho**2) ** 0.5)
    else:
        start = ReducedState.from_rho(s=0.0, rho=rho, distance=2**0.5, target=target)
    dim = {"dim": setting["dim"]} if sphere else {}  # a trained variance moves by its law there
    run = at.solve_flow(target, schedule, start, times=times, **rules, **dim)
    threshold = at.collapse_threshold(target, schedule, **rules, **(dim or {"distance_squared": 2}))
    return {
        "threshold": float(threshold.value),
        "run": np.stack([*_overlaps(run), run.temperature], axis=1).tolist(),
        "probability": float(at.collapse_probability(target, schedule, init, **rules).value),
    }


def _overlaps(run: Any) -> tuple[Any, Any]:
    if "m1" in run.statistics:
        return run["m1"], run["m2"]
    return run["s"] + run["delta"] / 2, run["s"] - run["delta"] / 2


def differences(one: dict[str, Any], theirs: dict[str, Any], ours: dict[str, Any]) -> dict[str, float]:
    """Of the page from the package: P, log of the threshold, overlaps in units of R^2, T relatively, P of the map."""
    unit = one["setting"]["separation"] ** 2
    overlaps = np.array(theirs["run"]) - np.array(ours["run"])
    logs = [np.log(max(min(found["threshold"], 1 / LEAST), LEAST)) for found in (theirs, ours)]
    found = {
        "threshold": float(abs(logs[0] - logs[1])),
        "overlaps": float(np.abs(overlaps[:, :2]).max() / unit),
        "temperature": float(np.abs(overlaps[:, 2] / np.array(ours["run"])[:, 2]).max()),
    }
    if "probability" not in theirs:
        return found
    return found | {name: abs(theirs[name] - ours["probability"]) for name in ("probability", "map")}


def check(count: int = SETTINGS, seed: int = SEED) -> dict[str, Any]:
    """Both answers of drawn settings, and their largest differences."""
    source = drawn(seed)
    rows: list[dict[str, Any]] = []
    refused, seconds = 0, list[float]()
    while len(rows) < count:
        wanted = [next(source) for _ in range(2 * (count - len(rows)))]
        for one, theirs in zip(wanted, in_browser(wanted), strict=True):
            if "faults" in theirs:
                refused += 1
            elif len(rows) < count:
                try:
                    ours = in_package(one)
                except DomainError as error:
                    raise RuntimeError(f"the page answers {one}, which the package refuses") from error
                if "undecided" in theirs:
                    raise RuntimeError(f"the page has no number of {one}: {theirs}")
                found = differences(one, theirs, ours)
                kept = [{name: one[name] for name in ("probability", "threshold")} for one in (theirs, ours)]
                rows.append({"setting": one["setting"], "page": kept[0], "package": kept[1], "differences": found})
                seconds.append(theirs["seconds"])
                print(json.dumps({"setting": one["setting"], **found}), file=sys.stderr, flush=True)
    largest = {name: max(row["differences"][name] for row in rows) for name in rows[0]["differences"]}
    times = {"middle": float(np.median(seconds)), "longest": max(seconds)}
    return {"settings": count, "seed": seed, "refused": refused, "largest": largest, "seconds": times, "rows": rows}


def explorer() -> str:
    """The stored differences as a table of the documentation."""
    stored = json.loads(SUMMARY.read_text("utf-8"))
    lines = ["| number | largest difference from the package |", "| --- | --- |"]
    lines += [f"| {words} | {stored['largest'][name]:.1e} |" for name, words in _WORDS.items()]
    told = f"{stored['settings']} settings drawn from the fields' whole domain."
    return "\n".join([*lines, "", told])


def main() -> None:
    """Write the summary."""
    found = check()
    atomic_write(SUMMARY, (json.dumps(found, indent=1) + "\n").encode())
    print(json.dumps(found["largest"]))


if __name__ == "__main__":
    main()
