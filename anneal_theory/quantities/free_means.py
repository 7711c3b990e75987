"""Functions of free means alone, and which function answers in the paper's setting, means on the sphere."""

from collections.abc import Mapping

from anneal_theory.errors import DomainError

_COLD = (
    'ask alignment_survival(target, temperature, constraint="sphere") with temperature=1: there a cold pair loses its '
    "alignment, with noise and without, so that none is left to heat"
)
_HELD = "ask threshold.sphere.antipodal."
_RATES = "ask threshold.sphere_growth_rates(target, temperature, variance)"
ON_SPHERE = {
    "collapsed_state": 'ask attractors(target, constraint="sphere") for the pairs at rest',
    "critical_temperature": _HELD + "antipodal_temperature(target), above which such a pair is held apart",
    "critical_separation": 'ask attractors(target, constraint="sphere") whether a collapsed pair is at rest there',
    "hot_separation": _RATES + ": a hot pair there is antipodal",
    "target_constants": _RATES + " and threshold.sphere.antipodal.antipodal_temperature(target)",
    "transient_gain": 'ask collapse_threshold(target, schedule, constraint="sphere", method="sharp")',
    "alignment_after_heat": _COLD,
    "calibrate_flow": 'ask calibrate_training(target, history, dim=d, constraint="sphere") of a training of two means',
    "schedule_cost": 'ask design_schedule(target, init, constraint="sphere", max_probability=0.1)',
    "singular_temperature": 'ask design_schedule(target, init, constraint="sphere", family="free", budget=35)',
    "slow_probability": 'ask collapse_probability(target, schedule, init, constraint="sphere"), by that method',
    "sample_full_statistics": "ask SphereState.draw(init, count, rng)",
}
"""What to do there instead, by the name of the function."""

_MODEL = {"constraint": "free", "variance": "fixed"}  # arguments of the model, and what they are of free means


def model_refused(function: str, arguments: Mapping[str, object]) -> DomainError | None:
    """The error for an argument of the model that a function of free means does not have; None where none is given.

    Example:
        >>> print(model_refused("hot_separation", {"temperature": 3, "constraint": "free"}))
        constraint must be left out (hot_separation is of free means), but was 'free'; no other model is known here.
    """
    name = next((argument for argument in _MODEL if argument in arguments), "")
    if function not in ON_SPHERE or not name:
        return None
    step = "no other model is known here" if arguments[name] == _MODEL[name] else ON_SPHERE[function]
    return DomainError.of(name, f"left out ({function} is of free means)", arguments[name], step)
