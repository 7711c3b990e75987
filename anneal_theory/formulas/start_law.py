"""The law of a random start (theory section 5).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import arcsinh, exp, expm1, log, log1p, logaddexp, pi, sqrt, tanh


def angle_of_cotangent(cotangent_squared: Any) -> tuple[Any, Any]:
    """Squared cosine and sine of a squared cotangent.

    Args:
        cotangent_squared: squared cotangent of an angle with the axis.
    """
    part_0 = (1/(cotangent_squared + 1))
    return (cotangent_squared*part_0, part_0,)


def centre_deviation(separation: Any, scale: Any) -> Any:
    """Standard deviation of the centre's overlap.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        scale: standard deviation of one coordinate of an initial mean.
    """
    return (1/2)*sqrt(2)*scale*separation


def centre_variance(separation: Any, family_weight: Any, variance: Any) -> Any:
    """Variance of the weighted mean overlap of the start.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        variance: common variance of the components, or of one coordinate of an initial mean.
    """
    return separation**2*variance*(family_weight**2 + (1 - family_weight)**2)


def chance_argument_squared(dim: Any, cotangent_squared: Any) -> Any:
    """Squared argument of the error function at that distance.

    Args:
        dim: dimension of the samples.
        cotangent_squared: squared cotangent of an angle with the axis.
    """
    return (1/2)*cotangent_squared*dim


def cosine_of_place(place: Any) -> Any:
    """Cosine of an angle with the axis, from its place.

    Args:
        place: area tangent of a signed cosine with the axis: the cosine is tanh(p).
    """
    return tanh(place)


def difference_deviation(scale: Any) -> Any:
    """Standard deviation of a coordinate of mu_1 - mu_2.

    Args:
        scale: standard deviation of one coordinate of an initial mean.
    """
    return sqrt(2)*scale


def distance_squared_large(dim: Any, variance: Any) -> Any:
    """Mean square of the distance of the initial means.

    Args:
        dim: dimension of the samples.
        variance: common variance of the components, or of one coordinate of an initial mean.
    """
    return 2*dim*variance


def length_deviation(dim: Any) -> Any:
    """Standard deviation of the logarithm of the length, for many dimensions.

    Args:
        dim: dimension of the samples.
    """
    return 1/sqrt(2*dim - 2)


def log_chance_offset(log_across: Any, scale: Any) -> Any:
    """Log z - log rho where the chance of an angle is erf(z).

    Args:
        log_across: logarithm of the length of mu_1 - mu_2 across the target's axis.
        scale: standard deviation of one coordinate of an initial mean.
    """
    return log_across - log(2*scale)


def log_chance_offset_large(dim: Any) -> Any:
    """Log z - log rho at that distance.

    Args:
        dim: dimension of the samples.
    """
    return (1/2)*log((1/2)*dim)


def log_cosine(log_rho: Any) -> Any:
    """Logarithm of the cosine of the angle with the axis.

    Args:
        log_rho: logarithm of rho.
    """
    return -1/2*logaddexp(0, -2*log_rho)


def log_cosine_density(cosine: Any, half_freedom: Any, log_gamma_ratio: Any) -> Any:
    """Logarithm of the density of a cosine of a uniform direction.

    Args:
        cosine: cosine of the angle between mu_1 - mu_2 and the axis, with the sign of m1 - m2.
        half_freedom: half of the dimensions across the axis, (d - 1)/2.
        log_gamma_ratio: logarithm of Gamma(a + 1/2)/Gamma(a).
    """
    return log_gamma_ratio + (half_freedom - 1)*log1p(-cosine**2) - 1/2*log(pi)


def log_distance_large(dim: Any, scale: Any) -> Any:
    """Logarithm of the root of it.

    Args:
        dim: dimension of the samples.
        scale: standard deviation of one coordinate of an initial mean.
    """
    return (1/2)*log(2*dim) + log(scale)


def log_gamma_ratio_large(half_freedom: Any) -> Any:
    """Logarithm of the ratio of Gamma functions for many dimensions, up to O(a^-3).

    Args:
        half_freedom: half of the dimensions across the axis, (d - 1)/2.
    """
    return (1/2)*log(half_freedom) - (1/8)/half_freedom


def log_length_density(half_freedom: Any, log_norm: Any, stretch: Any) -> Any:
    """Logarithm of the density of the logarithm of the length, u from its most probable value.

    Args:
        half_freedom: half of the dimensions across the axis, (d - 1)/2.
        log_norm: logarithm of the largest value of a density.
        stretch: logarithm of a length over the most probable one.
    """
    part_0 = 2*stretch
    return -half_freedom*(-part_0 + expm1(part_0)) + log_norm


def log_length_norm(half_freedom: Any, log_gamma: Any) -> Any:
    """Logarithm of the largest density of the logarithm of the length.

    Args:
        half_freedom: half of the dimensions across the axis, (d - 1)/2.
        log_gamma: logarithm of the Gamma function of half of the dimensions across the axis.
    """
    return half_freedom*log(half_freedom) - half_freedom - log_gamma + log(2)


def log_length_norm_large(half_freedom: Any) -> Any:
    """The same for many dimensions, up to O(a^-3).

    Args:
        half_freedom: half of the dimensions across the axis, (d - 1)/2.
    """
    return (1/2)*log((1/2)*half_freedom/pi) + log(2) + (-1/half_freedom)/12


def log_normal_norm(scale: Any) -> Any:
    """Logarithm of its largest density.

    Args:
        scale: standard deviation of one coordinate of an initial mean.
    """
    return -log(sqrt(2)*sqrt(pi)*scale)


def log_rho_of_cosine(log_cosine: Any) -> Any:
    """Log rho of the logarithm of a cosine.

    Args:
        log_cosine: logarithm of the cosine of an angle with the axis.
    """
    return log_cosine - 1/2*log(-expm1(2*log_cosine))


def log_rho_of_place(place: Any) -> Any:
    """Log rho of a place above 0.

    Args:
        place: area tangent of a signed cosine with the axis: the cosine is tanh(p).
    """
    return place + log(-expm1(-2*place)) - log(2)


def log_sine_squared(log_rho: Any) -> Any:
    """Logarithm of the squared sine.

    Args:
        log_rho: logarithm of rho.
    """
    return -logaddexp(0, 2*log_rho)


def log_typical_length(dim: Any, scale: Any) -> Any:
    """Logarithm of the most probable length across.

    Args:
        dim: dimension of the samples.
        scale: standard deviation of one coordinate of an initial mean.
    """
    return log(scale) + (1/2)*log(2*dim - 2)


def normal_exponent(s0: Any, variance: Any) -> Any:
    """Exponent of a Gaussian density.

    Args:
        s0: weighted mean overlap at the start.
        variance: common variance of the components, or of one coordinate of an initial mean.
    """
    return -1/2*s0**2/variance


def place_of_log_rho(log_rho: Any) -> Any:
    """The place above 0 of an angle.

    Args:
        log_rho: logarithm of rho.
    """
    return arcsinh(exp(log_rho))
