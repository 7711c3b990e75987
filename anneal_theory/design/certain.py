"""Targets at which every schedule ends alike, so that there is nothing to design: they are refused by name.

Below R_c(w*) one kind of attractor is left at T = 1: split pairs where the weights are nearly equal, and where they are
not collapsed ones, in a range of separations next to R_c (`critical_separation`).
"""

from fractions import Fraction

from anneal_theory.design.box import Box
from anneal_theory.errors import DomainError, NoCollapsedState, Words
from anneal_theory.exact import show
from anneal_theory.fixed_points import AttractorSet, attractor_set, critical_separation
from anneal_theory.problem import BimodalTarget, Dynamics

_BELOW = 1 - 1e-6  # of R_c
_DIGITS = 5  # of R_c in messages, at least


def require_something_to_design(box: Box, rules: Dynamics) -> None:
    """Refuse targets at which no schedule changes anything: one in an interval that collapses always, or all of them.

    An interval may hold separations below which no pair collapses: its worst target lies above. On the sphere pairs of
    both kinds are at rest at every separation that is treated.
    """
    if rules.constraint == "sphere":
        return
    ends = {target: attractor_set(target, rules) for target in (box.target, *box.corners(), *_next_to_critical(box))}
    always = [target for target, end in ends.items() if end is AttractorSet.ALL_COLLAPSE]
    if always:
        raise _always(always[0], box, rules)
    if all(end is AttractorSet.NONE_COLLAPSE for end in ends.values()):
        raise _never(box, rules)


def _next_to_critical(box: Box) -> list[BimodalTarget]:
    """Targets just below R_c of either weight where the separations hold that: it is next to R_c that all collapse."""
    low, high = box.separations
    found = []
    for weight in dict.fromkeys(box.weights) if low < high else ():
        edge = _edge(weight)
        if edge is not None and low < edge < high:
            found.append(BimodalTarget(f"{edge * _BELOW:.7g}", weight))
    return found


def _edge(weight: Fraction) -> float | None:
    """R_c of a weight; None where no separation has both kinds of attractors."""
    try:
        return float(critical_separation(weight))
    except NoCollapsedState:
        return None


def _always(target: BimodalTarget, box: Box, rules: Dynamics) -> DomainError:
    """The error for a target that collapses under every schedule; it names the interval that holds it."""
    edge = _told_edge(target, rules)
    above, told = (f" above R_c = {edge}", f", below R_c = {edge}") if edge else ("", "")
    why = "every pair ends collapsed, whatever the schedule, so that there is nothing to design"
    place = f"at R = {show(target.exact_separation)}, w* = {show(target.exact_weight)}{told}"
    if target == box.target:
        what = "one whose split pair is at rest at T = 1" + (f", at a separation{above}" if above else "")
        return DomainError.of("target", what, target, f"take modes that are further apart: {place}, {why}")
    if target.exact_separation != box.target.exact_separation:
        step = f"raise its lower end: {place}, {why}"
        what = f"an interval of separations{above or ' at which not every pair collapses'}"
        return DomainError.of("separations", what, _interval(box.separations), step)
    what = f"an interval of weights at which R = {show(target.exact_separation)} lies above R_c"
    step = f"take weights nearer to 1/2: {place}, {why}"
    return DomainError.of("weights", what, _interval(box.weights), step)


def _never(box: Box, rules: Dynamics) -> DomainError:
    """The error for targets none of which ever collapses."""
    edge = _told_edge(box.target, rules)
    what = f"one that can collapse, at a separation above R_c = {edge}" if edge else "one that can collapse"
    if not box.known:
        what += ", or in an interval that reaches there"
    step = "there is nothing to design: every run finds both modes under every schedule, so train at T = 1"
    return DomainError.of("target", what, box.target, step)


def _told_edge(target: BimodalTarget, rules: Dynamics) -> str | None:
    """R_c of a target's weight in words, for the equal weights of the family that it is for."""
    edge = _edge(target.exact_weight) if rules.equal_weights else None
    if edge is None or target.separation > edge:
        return None
    told = (f"{edge:.{digits}g}" for digits in range(_DIGITS, 18))  # so many that the two are told apart
    return next((text for text in told if float(text) > target.separation), f"{edge:.17g}")


def _interval(ends: tuple[Fraction, Fraction]) -> Words:
    return Words(f"({show(ends[0])}, {show(ends[1])})")
