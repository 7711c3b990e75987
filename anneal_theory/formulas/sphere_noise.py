"""The threshold on the sphere with noise (theory section 12).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import log, sqrt


def beyond_first(noise_scale: Any, shift_part: Any) -> Any:
    """Size of the orders beyond the first of a part of the shift.

    Args:
        noise_scale: strength of the noise of training: step size over batch.
        shift_part: a part of what noise of strength 1 raises the critical log rho by.
    """
    part_0 = noise_scale*shift_part
    return part_0 - 1/2*log(2*part_0 + 1)


def beyond_widening(dim: Any, noise_scale: Any, centred_width: Any) -> Any:
    """Share of the line that widening the law of y lacks.

    Args:
        dim: dimension of the samples.
        noise_scale: strength of the noise of training: step size over batch.
        centred_width: variance that noise of strength 1 gives y of a start.
    """
    part_0 = dim - 3
    return 1 - log(centred_width*noise_scale*part_0 + 1)/(centred_width*noise_scale*part_0)


def projection_drift(
    pair_cosine: Any, separation: Any, across_variance: Any, sum_variance: Any, directions: Any
) -> tuple[Any, Any, Any]:
    """Drift by noise of strength 1 and projection: of log x, of log(m1 + m2), of the cosine c.

    Args:
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        across_variance: variance that noise adds to each direction of Delta across the axis.
        sum_variance: variance that noise adds to each direction of mu_1 + mu_2 across the axis.
        directions: number of directions in which noise lengthens.
    """
    part_0 = directions/separation**2
    part_1 = (1/4)*part_0
    return (
        (across_variance*part_1/(pair_cosine - 1), -1/8*part_0*(across_variance + sum_variance),
        -part_1*(across_variance*pair_cosine + across_variance + pair_cosine*sum_variance - sum_variance),)
    )


def sphere_shift(
    by_centre: Any, aligned_score: Any, centred_score: Any, turned: Any, rounded: Any, widened: Any, centred: Any,
    cotangent_squared: Any
) -> tuple[Any, Any, Any, Any]:
    """Parts of the shift of the critical log rho by noise of strength 1.

    Args:
        by_centre: derivative by s, or by y, of a function that is zero on the separatrix.
        aligned_score: slope in log u of the logarithm of the density of a start's u.
        centred_score: slope in y of the logarithm of the density of a start's y.
        turned: what the drift of x by noise of strength 1 does to a critical start.
        rounded: what its drift of m1 + m2 and of the pair's cosine does to it.
        widened: by how much it widens the law of log u of a start.
        centred: by how much it widens that of y.
        cotangent_squared: squared cotangent of an angle with the axis.
    """
    part_0 = cotangent_squared + 1
    return (
        (part_0*turned, part_0*rounded, aligned_score*part_0*widened, centred*part_0*(-aligned_score*by_centre +
        centred_score),)
    )


def sphere_threshold_moves(
    difference_cosine: Any, overlap_sum: Any, by_difference: Any, by_sum: Any, by_cosine: Any, difference_variance: Any,
    total_variance: Any, difference_drift: Any, total_drift: Any, cosine_drift: Any, centred_by_sum: Any
) -> tuple[Any, Any, Any, Any, Any, Any]:
    """Rates of what noise of strength 1 does to a critical start: drift of x, other drifts, widening of u and of y; what is left out; the variance that y gains.

    Args:
        difference_cosine: cosine of the angle between mu_1 - mu_2 and the axis, for means on the sphere.
        overlap_sum: sum m1 + m2 of the two overlaps.
        by_difference: derivative by log x of a function that is zero on the separatrix.
        by_sum: derivative by m1 + m2 of a function that is zero on the separatrix.
        by_cosine: derivative by the pair's cosine of a function that is zero on the separatrix.
        difference_variance: variance that noise adds to x, in units of x^2.
        total_variance: variance that noise adds to m1 + m2.
        difference_drift: drift that noise gives log x.
        total_drift: drift that noise gives log(m1 + m2).
        cosine_drift: drift that noise gives the pair's cosine.
        centred_by_sum: slope of a start's y in its later m1 + m2.
    """
    part_0 = (1/2)*by_difference**2*difference_variance
    part_1 = (1/2)*total_variance
    return (
        (-by_difference*difference_drift, -by_cosine*cosine_drift - by_sum*overlap_sum*total_drift, by_sum**2*part_1 +
        part_0, by_sum*centred_by_sum*part_1, difference_cosine**2*part_0, centred_by_sum**2*total_variance,)
    )


def start_scores(sum_cosine: Any, dim: Any, cotangent_squared: Any) -> tuple[Any, Any]:
    """Slopes of the logarithms of the densities of a start: of u in log u, of y in y.

    Args:
        sum_cosine: cosine of the angle between mu_1 + mu_2 and the axis, for means on the sphere.
        dim: dimension of the samples.
        cotangent_squared: squared cotangent of an angle with the axis.
    """
    return (cotangent_squared*(4 - dim), sum_cosine*(dim - 3)/(sum_cosine**2 - 1),)


def start_slopes(
    sum_cosine: Any, pair_cosine: Any, separation: Any, by_difference: Any, by_sum: Any
) -> tuple[Any, Any]:
    """Slopes in y of a start at a given u: of m1 + m2, and of a function by its covector.

    Args:
        sum_cosine: cosine of the angle between mu_1 + mu_2 and the axis, for means on the sphere.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        by_difference: derivative by log x of a function that is zero on the separatrix.
        by_sum: derivative by m1 + m2 of a function that is zero on the separatrix.
    """
    part_0 = separation**2*sqrt(2*pair_cosine + 2)
    return (part_0, by_difference*sum_cosine/(sum_cosine**2 - 1) + by_sum*part_0,)
