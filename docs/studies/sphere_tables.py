"""Tables of theory section 11: the formulas of means on the sphere beside exact thresholds."""

import math
from typing import Any

from anneal_theory._types import VarianceRule
from anneal_theory.asymptotics import hot_start_shift
from anneal_theory.design import least_duration
from anneal_theory.errors import DomainError
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, SphereInit
from anneal_theory.schedules import ExponentialToOne
from anneal_theory.threshold import collapse_threshold
from anneal_theory.threshold.methods import ThresholdMethod

TARGET = BimodalTarget(3, "0.8")
WEAK = BimodalTarget(3, "0.55")
SLOW_TEMPERATURE, HOT_TEMPERATURE = 300, "9e4"
SLOW_RATES = ("0.4", "0.1", "0.02", "0.005")
SHARP_RATES = ("0.1", "0.2", "0.4", "0.7")
MODERATE_TEMPERATURES = ("9", "90", "900")
TEMPERATURES = ("1e3", "1e4", "1e5")
SHARES = ("0.5", "0.55", "0.6", "0.7", "0.8")  # of the family's first component
PARTED_DIMS = (32, 128, 512)
PARTED = ExponentialToOne(90, duration=15)
_FORMULAS: tuple[ThresholdMethod, ...] = ("sharp", "closed-form")
_NAMES: dict[VarianceRule, str] = {"trained": "trained", "follows-temperature": "v = T", "fixed": "v = 1"}


def _log_threshold(
    target: BimodalTarget, schedule: ExponentialToOne, variance: VarianceRule, method: ThresholdMethod = "exact"
) -> float:
    found = collapse_threshold(
        target, schedule, method=method, objective="free-energy", constraint="sphere", variance=variance
    )
    return float(found.log_value)


def _markdown(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def slow_sphere_errors() -> str:
    """log of slow annealing, and of the linear passage, over the exact x_c at R = 3, w* = 0.8, T0 = 300."""
    rows = []
    for variance in ("follows-temperature", "fixed"):
        schedules = [ExponentialToOne(SLOW_TEMPERATURE, 1 / float(rate)) for rate in SLOW_RATES]
        exact = [_log_threshold(TARGET, one, variance) for one in schedules]
        for method in ("slow-annealing", "sharp"):
            errors = [_log_threshold(TARGET, one, variance, method) - known
                      for one, known in zip(schedules, exact, strict=True)]  # fmt: skip
            name = "slow annealing" if method == "slow-annealing" else "linear passage"
            rows.append([f"{_NAMES[variance]}, {name}", *(f"{one:+.3g}" for one in errors)])
    return _markdown([f"kappa (T0 = {SLOW_TEMPERATURE})", *SLOW_RATES], rows)


def sharp_sphere_errors() -> str:
    """log of the sharp formula, and of the paper's, over the exact x_c of hot starts at R = 3."""
    rows = [[f"{target.weight:g}", rate, *_beside_exact(target, ExponentialToOne(HOT_TEMPERATURE, 1 / float(rate)))]
            for target in (WEAK, TARGET) for rate in SHARP_RATES]  # fmt: skip
    return _markdown(["w*", "kappa", *_BESIDE], rows)


def sharp_sphere_temperatures() -> str:
    """The same of starts at moderate temperatures."""
    rows = [
        [
            f"{target.weight:g}",
            temperature,
            rate,
            *_beside_exact(target, ExponentialToOne(temperature, 1 / float(rate))),
        ]
        for target in (WEAK, TARGET)
        for temperature in MODERATE_TEMPERATURES
        for rate in SHARP_RATES[-2:]
    ]
    return _markdown(["w*", "T0", "kappa", *_BESIDE], rows)


_BESIDE = [
    "x_c, trained", "x_c, v = T", "sharp, trained", "sharp, v = T", "paper's, trained", "paper's, v = T",
]  # fmt: skip


def _beside_exact(target: BimodalTarget, schedule: ExponentialToOne) -> list[str]:
    """Exact thresholds of both rules of the variance, and the logarithm of both formulas over them."""
    rules: tuple[VarianceRule, ...] = ("trained", "follows-temperature")
    exact = {rule: _log_threshold(target, schedule, rule) for rule in rules}
    errors = [_log_threshold(target, schedule, rule, method) - exact[rule]
              for method in _FORMULAS for rule in rules]  # fmt: skip
    return [*(f"{math.exp(exact[rule]):.6g}" for rule in rules), *(f"{one:+.3f}" for one in errors)]


def hot_sphere_starts() -> str:
    """log rho_c at R = 3, w* = 0.8, kappa = 0.1 as the start gets hotter, and less the shift of a finite T0."""
    rows = []
    for variance in ("follows-temperature", "trained"):
        for temperature in TEMPERATURES:
            schedule = ExponentialToOne(temperature, 10)
            log_x = _log_threshold(TARGET, schedule, variance)
            log_rho = log_x - 0.5 * math.log1p(-math.exp(2 * log_x))
            shift = float(hot_start_shift(TARGET, schedule, variance))
            rows.append([_NAMES[variance], f"{float(temperature):g}", f"{log_rho:.5f}", f"{log_rho - shift:.5f}"])
    return _markdown(["variance", "T0", "log rho_c", "less the shift"], rows)


def durations() -> str:
    """The least t0 of the paper's schedule for probabilities of collapse, at some T0; variance trained."""
    rows = []
    for temperature in ("9", "90", "9000"):
        row = [temperature]
        for dim, limit in ((128, 0.1), (128, 0.01), (10**4, 0.1)):
            try:
                found = least_duration(
                    TARGET, SphereInit(dim), temperature, limit, relative_error=0.01, objective="free-energy",
                    constraint="sphere", variance="trained",
                )  # fmt: skip
                row.append(f"{found.cost:.3g}")
            except DomainError:
                row.append("P saturates")
        rows.append(row)
    return _markdown(["T0", "P <= 0.1, d = 128", "P <= 0.01, d = 128", "P <= 0.1, d = 10,000"], rows)


def unequal_weights() -> str:
    """P of both rules of the variance at R = 3, w* = 0.8, T0 = 90, t0 = 15, and both thresholds at y = c = 0."""
    rows = []
    asked: list[tuple[VarianceRule, int]] = [("follows-temperature", 128), *(("trained", dim) for dim in PARTED_DIMS)]
    for share in SHARES:
        equal = share == "0.5"
        found = [_share(share, rule, dim) for rule, dim in asked]
        given: dict[str, Any] = {
            "objective": "free-energy",
            "constraint": "sphere",
            "variance": "trained",
            "family_weight": share,
        }
        edge = collapse_threshold(TARGET, PARTED, dim=128, **given)
        ends = (-edge.value, edge.value) if equal else (edge.parts["lower"], edge.parts["upper"])
        rows.append([share, *found, *(f"{end:.5f}" for end in ends)])
    dims = [f"trained, d = {dim}" for dim in PARTED_DIMS]
    return _markdown(["w1", "v = T, d = 128", *dims, "lower x, d = 128", "upper x"], rows)


def _share(share: str, variance: VarianceRule, dim: int) -> str:
    effort: dict[str, Any] = {"relative_error": 1e-3} if share == "0.5" else {"replicas": 512}
    found = collapse_probability(
        TARGET, PARTED, SphereInit(dim), objective="free-energy", constraint="sphere", variance=variance,
        family_weight=share, **effort,
    )  # fmt: skip
    return f"{found.value:.3f}"
