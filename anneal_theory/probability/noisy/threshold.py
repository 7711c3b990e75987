"""Where noise puts the threshold of a start, to leading order in step size over batch."""

import math
from typing import Unpack

import numpy as np

from anneal_theory._types import Exactable
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.models.free_pair import free_pair
from anneal_theory.probability.noisy.first_order import noise_moves, step_grid
from anneal_theory.probability.noisy.sphere_survival import noisy_sphere_threshold, with_noise
from anneal_theory.probability.noisy.stable_steps import require_stable
from anneal_theory.probability.noisy.training_noise import Gradient, require_many, require_quantiles
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.problem.dynamics import ModelOptions
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.keywords import refuse_unused
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.threshold import collapse_threshold

_FREE, _SPHERE = {"s0", "distance_squared"}, {"pair_overlap", "mean_cosine"}
_USERS = dict.fromkeys(_FREE, ("free means", "on the sphere give pair_overlap and mean_cosine")) | dict.fromkeys(
    _SPHERE, ('constraint="sphere"', "of free means give s0 and distance_squared")
)


@checked(batch_size="noise_batch")
def noisy_threshold(
    target: BimodalTarget,
    schedule: Schedule,
    *,
    dim: int,
    batch_size: int,
    step_size: float | int = 0.05,
    gradient: Gradient = "plain",
    s0: Exactable | None = None,
    distance_squared: Exactable | None = None,
    pair_overlap: Exactable | None = None,
    mean_cosine: Exactable | None = None,
    **dynamics: Unpack[ModelOptions],
) -> Estimate:
    """The threshold rho_c of training with noise, on the sphere x_c, to leading order in step size over batch.

    Noise along the run that starts on the separatrix moves log rho_c by M eta/B, and blurs it: a start collapses with
    the chance that a normal variable of the deviation `parts["spread"]` exceeds log rho less log rho_c (on the sphere,
    where x adds noise to itself, x/x_c - 1).

    Args:
        target: Separation and weight.
        schedule: Must end at temperature 1.
        dim: Of the means, at least 4.
        batch_size: Samples of each component in each step, at least 2; so many that log rho_c moves by less than 1.
        step_size: Time of gradient flow that one step makes, > 0.
        gradient: "plain" or "path".
        s0: Initial mean overlap (m1 + m2)/2 of free means, 0 unless given.
        distance_squared: D0^2 of their start, 2 unless given.
        pair_overlap: On the sphere, mu_1 . mu_2/R^2 at the start; 0 unless given.
        mean_cosine: On the sphere, the cosine of the angle between mu_1 + mu_2 and the axis; 0 unless given.
        **dynamics: Arguments of `Dynamics`, constraint and variance included; weights have to be equal. A trained
            variance moves by its law in the dimension.

    Returns:
        Estimate; `parts` are the threshold without noise, the shift of its logarithm, and the spread. The error is how
        far noise of every order moves the threshold of a pair that is heated at once, as much as noise of s may bend
        (on the sphere that of m1 + m2 and of c; there all of it is an estimate), and the part of the shift that has no
        factor d.

    Remainder: second order in eta d/B; first order in eta/B without the factor d; first order in eta.

    Raises:
        DomainError: an argument lies outside its domain, there is no threshold, noise may erase all alignment, or
            training diverges at such steps.

    Source:
        theory section 12; docs/derivations/alignment_noise.md.

    Example:
        >>> from anneal_theory.schedules import Hold
        >>> found = noisy_threshold(BimodalTarget(3, 0.8), Hold(8, 60), dim=128, batch_size=100, gradient="path")
        >>> found.value > found.parts["flow"]
        True
        >>> paper = {"constraint": "sphere", "objective": "free-energy", "variance": "trained"}
        >>> found = noisy_threshold(BimodalTarget(3, 0.8), Hold(20, 5), dim=32, batch_size=50, **paper)
        >>> round(found.parts["flow"], 4), found.value > found.parts["flow"]
        (0.0432, True)
    """
    rules, on_sphere = Dynamics(**dynamics), {"pair_overlap": pair_overlap, "mean_cosine": mean_cosine}
    require_quantiles(rules)
    require_many(dim)
    require_stable(target, schedule, rules, float(step_size))
    given = on_sphere | {"s0": s0, "distance_squared": distance_squared}
    refuse_unused(given, _SPHERE if rules.constraint == "sphere" else _FREE, _USERS)
    if rules.constraint == "sphere":
        cosines, size, plain = (pair_overlap or 0, mean_cosine or 0), float(step_size), gradient == "plain"
        return noisy_sphere_threshold(target, schedule, rules, cosines, dim, batch_size, size, plain=plain)
    s0, distance_squared = 0 if s0 is None else s0, 2 if distance_squared is None else distance_squared
    quiet = collapse_threshold(target, schedule, s0=s0, distance_squared=distance_squared, **dynamics)
    if not math.isfinite(quiet.log_value):
        step = "choose a start of which some directions collapse and some do not"
        raise DomainError.of("s0", "a start with a threshold", s0, step)
    start = np.array([[float(exact(s0, "s0")), 0.5 * math.log(exact(distance_squared, "distance_squared"))]])
    model, grid = free_pair(target, schedule, rules), step_grid(schedule, rules)
    moves, noise = noise_moves(model, grid, start, dim, plain=gradient == "plain"), float(step_size) / batch_size
    shift, spread = noise * float(moves.shift[0]), math.sqrt(noise * float(moves.width[0]))
    least, most = (float(one[0]) for one in moves.bounds(noise))
    if not math.isfinite(most - least):
        needed = math.ceil(2.0 * float(step_size) * max(float(moves.aligned[0]), -float(moves.shift[0]))) + 1
        what = f"at least {needed} at these steps: in smaller ones noise erases the alignment of every run"
        raise DomainError.of("batch_size", what, batch_size, "simulate_noisy_flow holds beyond")
    log_error = max(most - shift, shift - least) + abs(shift) / (dim - 3) + float(quiet.log_error)
    return with_noise(quiet, shift, spread, log_error)
