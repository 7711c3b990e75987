"""How long alignment survives (theory section 12).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import exp, log, pi, sqrt


def alignment_growth(
    distance: Any, dim: Any, beta: Any, across_variance: Any, noise_scale: Any, escape_rate: Any
) -> Any:
    """Growth of a typical log rho with noise, tempered.

    Args:
        distance: distance of the two means, or of the two points of a label.
        dim: dimension of the samples.
        beta: inverse temperature.
        across_variance: variance that noise adds to each direction of Delta across the axis.
        noise_scale: strength of the noise of training: step size over batch.
        escape_rate: growth rate R^2 psi'(s*) of log rho at the collapsed state.
    """
    return -1/2*across_variance*noise_scale*(dim - 3)/distance**2 + (1/2)*beta*escape_rate


def centre_bend(centre_blur: Any, threshold_power: Any) -> tuple[Any, Any]:
    """Most that noise of s bends the critical log delta by, for powers up to 2 and above.

    Args:
        centre_blur: variance that noise of s gives the critical log delta of a start.
        threshold_power: power of the distance from the unstable zero of s that the threshold is.
    """
    return ((1/2)*threshold_power*log(centre_blur/threshold_power**2 + 1), (1/2)*centre_blur,)


def chance_move(error_argument: Any, noise_shift: Any, noise_width: Any) -> Any:
    """First-order change of a start's chance of collapse.

    Args:
        error_argument: critical delta of a start over 2 R sigma.
        noise_shift: by how much noise of strength 1 raises the critical log delta.
        noise_width: variance that noise of strength 1 gives log delta of a start.
    """
    part_0 = error_argument**2
    return 2*error_argument*(noise_shift - noise_width*part_0)*exp(-part_0)/sqrt(pi)


def cold_cap(dim: Any, noise_scale: Any, escape_rate: Any) -> Any:
    """Rho beyond which a cold pair is not aligned, plain gradients.

    Args:
        dim: dimension of the samples.
        noise_scale: strength of the noise of training: step size over batch.
        escape_rate: growth rate R^2 psi'(s*) of log rho at the collapsed state.
    """
    return sqrt(8*escape_rate/(noise_scale*(dim - 3)) - 1)


def cold_noise(distance: Any) -> Any:
    """Variance across of a cold collapsed pair, plain gradients, to leading order.

    Args:
        distance: distance of the two means, or of the two points of a label.
    """
    return (1/8)*distance**2


def cold_square(across_square: Any, t: Any) -> Any:
    """Squared length of a collapsed pair after a time t at T = 1.

    Args:
        across_square: squared length of mu_1 - mu_2 across the target's axis.
        t: time of the gradient flow.
    """
    return 4/(t + 4/across_square)


def direction_survival(distance: Any, dim: Any, across_variance: Any, noise_scale: Any, t: Any) -> Any:
    """Mean cosine of Delta's direction with that a time t before, at a held length.

    Args:
        distance: distance of the two means, or of the two points of a label.
        dim: dimension of the samples.
        across_variance: variance that noise adds to each direction of Delta across the axis.
        noise_scale: strength of the noise of training: step size over batch.
        t: time of the gradient flow.
    """
    return exp(-1/2*across_variance*noise_scale*t*(dim - 1)/distance**2)


def heat_dilution(across_square: Any, dim: Any, beta: Any, noise_scale: Any) -> Any:
    """What is left of rho when a cold pair is heated at once.

    Args:
        across_square: squared length of mu_1 - mu_2 across the target's axis.
        dim: dimension of the samples.
        beta: inverse temperature.
        noise_scale: strength of the noise of training: step size over batch.
    """
    return 1/sqrt(1 + (1/2)*noise_scale*(1 - beta)*(dim - 3)/across_square)


def held_noise(beta: Any, score: Any) -> Any:
    """Variance across of a collapsed pair held apart, batches of 1.

    Args:
        beta: inverse temperature.
        score: 1 for a gradient with its score term (plain), 0 for one without (path).
    """
    part_0 = beta**2
    return -beta + (1/2)*part_0 + score*((3/2)*beta - part_0 - 1/2) + 1/2


def most_noise(distance: Any, dim: Any, beta: Any, across_variance: Any, escape_rate: Any) -> Any:
    """Eta/B above which alignment of a held pair does not grow.

    Args:
        distance: distance of the two means, or of the two points of a label.
        dim: dimension of the samples.
        beta: inverse temperature.
        across_variance: variance that noise adds to each direction of Delta across the axis.
        escape_rate: growth rate R^2 psi'(s*) of log rho at the collapsed state.
    """
    return beta*distance**2*escape_rate/(across_variance*(dim - 3))


def noisy_argument(noise_scale: Any, error_argument: Any, noise_shift: Any, noise_width: Any) -> Any:
    """Critical delta of a start with noise over its deviation, by sqrt(2).

    Args:
        noise_scale: strength of the noise of training: step size over batch.
        error_argument: critical delta of a start over 2 R sigma.
        noise_shift: by how much noise of strength 1 raises the critical log delta.
        noise_width: variance that noise of strength 1 gives log delta of a start.
    """
    return error_argument*exp(noise_scale*noise_shift)/sqrt(2*error_argument**2*noise_scale*noise_width + 1)


def shift_bounds(noise_scale: Any, noise_shift: Any, aligned_shift: Any) -> tuple[Any, Any]:
    """Least and largest shift of the critical log delta of a pair heated at once, by all noise.

    Args:
        noise_scale: strength of the noise of training: step size over batch.
        noise_shift: by how much noise of strength 1 raises the critical log delta.
        aligned_shift: the part of M from where the pair is aligned.
    """
    part_0 = 2*noise_scale
    return (
        ((1/2)*log(noise_shift*part_0 + 1), noise_scale*(-aligned_shift + noise_shift) - 1/2*log(-aligned_shift*part_0 +
        1),)
    )


def start_worth(cosine_squared: Any, by_alignment: Any, by_distance: Any) -> Any:
    """What a unit of log delta at the start is worth, from the covector there.

    Args:
        cosine_squared: squared cosine of the angle between mu_1 - mu_2 and the target's axis.
        by_alignment: derivative by log rho of a function that is zero on the separatrix.
        by_distance: derivative by log D of a function that is zero on the separatrix.
    """
    return by_alignment + by_distance*cosine_squared


def threshold_moves(
    delta: Any, perp: Any, cosine_squared: Any, sine_squared: Any, dim: Any, noise_variance: Any, across_variance: Any,
    by_alignment: Any, by_distance: Any, by_centre: Any, centre_variance: Any
) -> tuple[Any, Any, Any, Any]:
    """Rates at which noise of strength 1 raises the critical log delta and widens the start's law; the part of the first that is due to aligned pairs; the blur by noise of s.

    Args:
        delta: difference m1 - m2 of the two overlaps.
        perp: length of mu_1 - mu_2 across the target's axis.
        cosine_squared: squared cosine of the angle between mu_1 - mu_2 and the target's axis.
        sine_squared: squared sine of the angle between mu_1 - mu_2 and the target's axis.
        dim: dimension of the samples.
        noise_variance: variance that noise adds to delta in a step.
        across_variance: variance that noise adds to each direction of Delta across the axis.
        by_alignment: derivative by log rho of a function that is zero on the separatrix.
        by_distance: derivative by log D of a function that is zero on the separatrix.
        by_centre: derivative by s of a function that is zero on the separatrix.
        centre_variance: variance that noise adds to s in a step.
    """
    part_0 = (1/2)*across_variance*(by_alignment - by_distance*sine_squared)*(dim - 3)/perp**2
    return (
        (part_0, noise_variance*(by_alignment + by_distance*cosine_squared)**2/delta**2, cosine_squared*part_0,
        by_centre**2*centre_variance,)
    )


def threshold_power(zero_growth: Any) -> Any:
    """Power of the distance from the unstable zero that the threshold is.

    Args:
        zero_growth: rate at which log rho grows at the unstable zero of s, in the clock.
    """
    return zero_growth/(zero_growth - 1)
