"""What a reader of a design should know of its regime."""

from fractions import Fraction

from anneal_theory.design.box import Box
from anneal_theory.design.odds import Steps
from anneal_theory.design.result import PricedSchedule
from anneal_theory.exact import show
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.results import Estimate

_FLOW = "Gradient flow without noise: batches that are too small collapse more often."
_PULSE = (
    "Gradient flow without noise. A pair that waits cold keeps its alignment in a difference of means that shrinks, "
    "and the noise of small batches erases it: of 200 runs trained at R = 3, w* = 0.8, d = 128 with batches of 1000 "
    "one collapsed, with batches of 100 nearly all (196). base_temperature=1.5 keeps the means apart (6 and 15 of 200)."
)
_PULSE_ON_SPHERE = (
    "Gradient flow without noise. On the sphere a pair at a mode keeps no alignment: the difference of its means is "
    "tangent there, at a right angle to the axis. A pulse helps only before the pair has come to rest."
)
_WIDE_START = " The trained variance starts at T(0), not at 1, so that even a schedule of hardly any cost changes P."


def note_of(family: str, training: Dynamics, box: Box, steps: Steps | None, worst: BimodalTarget) -> str:
    """What a reader should know."""
    pulse = _PULSE_ON_SPHERE if training.constraint == "sphere" else _PULSE
    note = pulse if family == "cold-then-pulse" else _FLOW
    if steps is not None:
        made = f"batches of {steps.batch_size} and steps of {steps.step_size:g} ({steps.gradient} gradient)"
        note = (
            f"With the noise of {made}, by runs at quantiles of the law of a start, which noise widens along its path "
            '(noisy_collapse_probability, method="quantiles"). simulate_noisy_flow draws the noise instead.'
        )
    if training.variance == "trained":
        note += _WIDE_START
    if not box.known:
        note += f" P is the largest for {_intervals(box)}: that of {worst!r}."
    return note


def idle_note(unannealed: Estimate) -> str:
    """What a reader should know where no annealing keeps the limit already."""
    return f"No annealing keeps the limit already: P = {unannealed.value:.4g}."


def spared_note(budget: float | None, best: PricedSchedule, rarest: float, longest: float) -> str:
    """Why a budget is not used up, where it is not."""
    if budget is not None and best.probability.value <= rarest:
        return f" Of the budget of {budget:g} no more is used than a probability of at most {rarest:g} takes."
    return f" No design is longer than {longest:g}." if budget is not None and budget > longest else ""


def _intervals(box: Box) -> str:
    """The intervals in words."""

    def interval(name: str, ends: tuple[Fraction, Fraction]) -> list[str]:
        return [] if ends[0] == ends[1] else [f"{name} from {show(ends[0])} to {show(ends[1])}"]

    return " and ".join(interval("separations", box.separations) + interval("weights", box.weights))
