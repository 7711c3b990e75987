"""Whether stated errors cover true ones: `python -m tests.honesty --settings 100 --seed 1`.

Settings are drawn at random: targets, schedules, dimensions, objectives, metrics, family weights. In each, the same
number is asked for by two ways of which one is finer or independent, and they must agree within the sum of their
stated errors, as values and in both logarithms. What is compared:

- the exact probability at relative errors of 1e-3 and of 1e-4 (the default) with the one at 1e-6;
- its limit in large dimension at 1e-3 with the one at 1e-6;
- the threshold in doubles with its 16 digits by Newton's method on power series, which shares no stepping with it.

With `--sharp` it is the sharp formula for means on the sphere instead (theory section 11): its log x_c at settings
(R, w*, T0, t0, rule of the variance) drawn without a grid, beside the exact threshold.

A ratio above 1, deviation over stated error, fails. A refusal (an exception that says why) is counted, not compared.
"""

import argparse
import itertools
import math
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from anneal_theory import schedules
from anneal_theory.errors import DomainError, PrecisionError, SolveError
from anneal_theory.fixed_points import AttractorSet, attractor_set
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.quantities import QUANTITIES
from anneal_theory.results import Estimate
from anneal_theory.threshold import collapse_threshold

COARSE, DEFAULT, FINE = 1e-3, 1e-4, 1e-6
THRESHOLD_DIGITS = 16


@dataclass(frozen=True)
class Setting:
    """One problem, and a start for its threshold."""

    target: BimodalTarget
    schedule: Any
    init: GaussianInit | SphereInit
    rules: dict[str, Any]
    start: dict[str, Any]

    def __str__(self) -> str:
        rules = ", ".join(f"{name}={value}" for name, value in (self.rules | self.start).items())
        return f"{self.target} {self.schedule} {self.init} {rules}"


@dataclass(frozen=True)
class Agreement:
    """Two answers to one question.

    Attributes:
        name: Which question.
        ratio: The largest deviation over the sum of both stated errors, of the value and of the logarithms.
        where: Which number that was.
    """

    name: str
    ratio: float
    where: str


def settings(seed: int) -> Iterator[Setting]:
    """Settings without end, the same for the same seed."""
    draw = random.Random(seed)
    while True:
        yield _setting(draw)


def _setting(draw: random.Random) -> Setting:
    odds = draw.choice((-1, 1)) * _log_uniform(draw, 1e-2, 6)
    target = BimodalTarget(_short(_log_uniform(draw, 0.8, 6)), _short(1 / (1 + math.exp(-odds))))
    dim = round(_log_uniform(draw, 2, 1e6))
    variance = draw.choice((None, _short(_log_uniform(draw, 0.1, 10) / dim)))
    natural = draw.random() < 0.5
    weight = draw.choice((0.5, _short(draw.uniform(0.1, 0.9)))) if natural else 0.5
    rules = {
        "objective": draw.choice(("tempered-target", "free-energy")),
        "metric": "natural" if natural else "euclidean",
        "family_weight": weight,
    }
    start = {"s0": _short(draw.uniform(-1, 1)), "distance_squared": _short(_log_uniform(draw, 0.1, 10))}
    return Setting(target, _schedule(draw), GaussianInit(dim, variance), rules, start)


def _schedule(draw: random.Random) -> schedules.Schedule:
    temperature, span = _short(_log_uniform(draw, 1.1, 50)), _short(_log_uniform(draw, 0.3, 100))
    values = {
        "temperature": 1, "initial_temperature": temperature, "times": [0, span, 2 * span],
        "temperatures": [temperature, math.sqrt(temperature), 1],
    }  # fmt: skip
    kind = draw.choice(tuple(schedules.SCHEDULES))
    takes = schedules.SCHEDULES[kind]
    values |= dict.fromkeys([name for name in takes if QUANTITIES[name].is_unit_of_time], span)
    return getattr(schedules, kind)(*[values[name] if name in values else _short(draw.uniform(1, 3)) for name in takes])


def _log_uniform(draw: random.Random, low: float, high: float) -> float:
    return math.exp(draw.uniform(math.log(low), math.log(high)))


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def agreements(setting: Setting, thresholds: bool, fine: float = FINE) -> list[Agreement]:
    """All comparisons of a setting, with the probabilities at the relative error `fine`.

    Raises:
        DomainError, SolveError, PrecisionError: one of the ways refuses.
    """

    def chance(error: float, method: str = "exact") -> Estimate:
        return collapse_probability(
            setting.target, setting.schedule, setting.init, method=method, relative_error=error, **setting.rules
        )

    sharp, limit = chance(fine), chance(fine, "large-dim")
    found = [
        agreement("P 1e-3", chance(COARSE), sharp),
        agreement("large-dim 1e-3", chance(COARSE, "large-dim"), limit),
    ]
    if fine < DEFAULT:
        found.append(agreement("P 1e-4", chance(DEFAULT), sharp))
    if thresholds:
        rho = collapse_threshold(setting.target, setting.schedule, **setting.start, **setting.rules)
        if math.isfinite(rho.log_value):
            digits = collapse_threshold(
                setting.target, setting.schedule, **setting.start, **setting.rules, digits=THRESHOLD_DIGITS
            )
            found.append(agreement("threshold", rho, digits))
    return found


def sphere_settings(seed: int) -> Iterator[Setting]:
    """Means on the sphere under the paper's schedules: as those that the sharp formula's error is from, and slower."""
    draw = random.Random(seed)
    while True:
        target = BimodalTarget(_short(draw.uniform(2.2, 4)), _short(0.5 + _log_uniform(draw, 0.005, 0.4)))
        temperature, time = _short(_log_uniform(draw, 2, 1e5)), _short(_log_uniform(draw, 3, 3000))
        rules = {"objective": "free-energy", "constraint": "sphere"}
        rules["variance"] = draw.choice(("trained", "trained", "follows-temperature", "fixed"))
        yield Setting(target, schedules.ExponentialToOne(temperature, duration=time), SphereInit(3), rules, {})


def other_sphere_settings(seed: int) -> Iterator[Setting]:
    """Means on the sphere under schedules that the sharp formula's error is not from; a third of them warms up."""
    draw = random.Random(seed)
    for setting in sphere_settings(seed):
        heat, end = _short(_log_uniform(draw, 2, 1000)), _log_uniform(draw, 3, 300)
        rise, fall = ([_short(end * share) for share in shares] for shares in ((0.33, 0.34), (0.6, 0.61)))
        warmth = _short(draw.uniform(2, 50))
        drawn: Any = draw.choice((
            schedules.Hold(heat, _short(end)), schedules.Linear(heat, _short(end)),
            schedules.Exponential(heat, _short(end / 5)), schedules.Power(heat, _short(end / 5), 2),
            schedules.Piecewise([0, *rise, *fall, _short(end)], [1, 1, warmth, warmth, 1, 1]),
            schedules.Piecewise([0, *rise, *fall, _short(end)], [1, 1, warmth, warmth, 1, 1]),
        ))  # fmt: skip
        objective = draw.choice(("free-energy", "tempered-target"))
        yield Setting(setting.target, drawn, setting.init, setting.rules | {"objective": objective}, {})


def run_sharp(count: int, seed: int, out: Any = sys.stdout, *, others: bool = False) -> list[Agreement]:
    """The sharp formula's log x_c beside the exact one, in so many settings; of other schedules where asked for."""
    found: list[Agreement] = []
    for setting in itertools.islice((other_sphere_settings if others else sphere_settings)(seed), count):
        problem = setting.target, setting.schedule
        try:
            sharp, exact = (collapse_threshold(*problem, method=one, **setting.rules) for one in ("sharp", "exact"))
        except (DomainError, SolveError, PrecisionError) as error:
            print(f"refused {setting}: {error}", file=out, flush=True)
            continue
        stated = sharp.log_error + exact.log_error
        found.append(Agreement("sharp", ratio(sharp.log_value, exact.log_value, stated), "log"))
        told = f"{sharp.log_value:.4f} for {exact.log_value:.4f}, stated {stated:.2g}, ratio {found[-1].ratio:.3g}"
        print(f"{'ok' if found[-1].ratio <= 1 else 'FAILS'} {setting}: {told}", file=out, flush=True)
    ratios = sorted(one.ratio for one in found)
    beyond = sum(not one <= 1 for one in ratios)
    told = (
        f"largest ratio {ratios[-1]:.3g}, median {median(ratios):.3g}, {beyond} above 1" if ratios else "none compared"
    )
    print(f"sharp formula: {len(found)} settings compared, {count - len(found)} refused; {told}", file=out)
    return found


def agreement(name: str, one: Estimate, other: Estimate) -> Agreement:
    """The largest ratio of deviation to stated error of two estimates of one number."""
    ratios = {
        "value": ratio(one.value, other.value, one.error + other.error),
        "log": ratio(one.log_value, other.log_value, one.log_error + other.log_error),
    }
    if one.log_complement is not None and other.log_complement is not None:
        stated = one.log_complement_error + other.log_complement_error
        ratios["log of the complement"] = ratio(one.log_complement, other.log_complement, stated)
    where = max(ratios, key=lambda key: ratios[key])
    return Agreement(name, ratios[where], where)


def ratio(one: Any, other: Any, stated: Any) -> float:
    """Deviation over stated error; 0 where both numbers are equal, infinite or not."""
    if one == other:
        return 0.0
    deviation = abs(one - other)
    return math.inf if stated == 0 else float(deviation / stated)


def run(count: int, seed: int, every: int | None = 5, fine: float = FINE, out: Any = sys.stdout) -> list[Agreement]:
    """Compare in so many settings that can end both ways; a threshold's digits in every so many of them."""
    found: list[Agreement] = []
    compared, certain, refused = 0, 0, 0
    for setting in settings(seed):
        if compared + refused == count:
            break
        if attractor_set(setting.target, Dynamics(**setting.rules)) is not AttractorSet.BOTH:
            certain += 1
            continue
        begun = time.monotonic()
        try:
            mine = agreements(setting, thresholds=bool(every) and compared % every == 0, fine=fine)
        except (DomainError, SolveError, PrecisionError) as error:
            refused += 1
            print(f"refused {setting}: {error}", file=out, flush=True)
            continue
        compared += 1
        found += mine
        told = ", ".join(f"{one.name} {one.ratio:.3g} ({one.where})" for one in mine)
        mark = "FAILS" if any(not one.ratio <= 1 for one in mine) else "ok"
        print(f"{mark} {setting}: {told}; {time.monotonic() - begun:.1f} s", file=out, flush=True)
    print(f"{compared} settings compared, {refused} refused, {certain} passed over: one kind of end only", file=out)
    for name in dict.fromkeys(one.name for one in found):
        ratios = [one.ratio for one in found if one.name == name]
        print(f"{name}: median {median(ratios):.3g}, largest {max(ratios):.3g} of {len(ratios)}", file=out)
    return found


def main(arguments: list[str] | None = None) -> int:
    """0 where every deviation is within the stated errors and something was compared, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.honesty", description=__doc__.splitlines()[0])
    parser.add_argument("--settings", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--thresholds-every", type=int, default=5)
    parser.add_argument("--sharp", action="store_true", help="the sharp formula on the sphere beside exact thresholds")
    parser.add_argument("--other-schedules", action="store_true", help="with --sharp: not those that its error is from")
    given = parser.parse_args(arguments)
    if given.sharp:
        found = run_sharp(given.settings, given.seed, others=given.other_schedules)
    else:
        found = run(given.settings, given.seed, given.thresholds_every)
    return 0 if found and all(one.ratio <= 1 for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
