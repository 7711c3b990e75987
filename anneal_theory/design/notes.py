"""What a reader of a design should know of its regime."""

from anneal_theory._types import Exactable
from anneal_theory.design.odds import Steps

CHECKED = 5  # separations of an interval whose probability is computed at the end

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


def note_of(family: str, on_sphere: bool, separations: tuple[Exactable, Exactable] | None, steps: Steps | None) -> str:
    """What a reader should know."""
    pulse = _PULSE_ON_SPHERE if on_sphere else _PULSE
    told = pulse if family == "cold-then-pulse" else _FLOW
    if steps is not None:
        made = f"batches of {steps.batch_size} and steps of {steps.step_size:g} ({steps.gradient} gradient)"
        told = f"With the noise of {made}, to leading order; simulate_noisy_flow counts runs beyond it."
    if separations is not None:
        told += f" P is the largest at {CHECKED} separations from {separations[0]} to {separations[1]}."
    return told
