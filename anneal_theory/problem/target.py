"""The bimodal target of theory section 1."""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import mpmath
import numpy as np
from jaxtyping import Float

from anneal_theory._floating import Silent
from anneal_theory._types import Exactable, FloatArray
from anneal_theory.exact import exact, spell
from anneal_theory.quantities.doors import checked

_LOG_CIRCLE = float(np.log(2 * np.pi))


@dataclass(frozen=True, init=False, repr=False)
class BimodalTarget:
    """Two unit-covariance Gaussian modes at +mu* and -mu*: ``w* N(mu*, I) + (1 - w*) N(-mu*, I)``.

    Args:
        separation: R = |mu*| > 0, in standard deviations of a mode.
        weight: w* in (0, 1), the weight of the mode at +mu*.

    Both are kept as exact rationals (a float is its shortest decimal); `separation` and `weight` are their doubles.

    Raises:
        DomainError: a parameter lies outside its domain.

    Source:
        theory section 1.

    Example:
        >>> target = BimodalTarget(separation=3, weight=0.8)
        >>> target, round(target.half_log_odds, 6)
        (BimodalTarget(separation=3, weight=0.8), 0.693147)
    """

    exact_separation: Fraction
    exact_weight: Fraction

    @checked
    def __init__(self, separation: Exactable, weight: Exactable) -> None:
        object.__setattr__(self, "exact_separation", exact(separation))
        object.__setattr__(self, "exact_weight", exact(weight))

    def __repr__(self) -> str:
        return f"BimodalTarget(separation={spell(self.exact_separation)}, weight={spell(self.exact_weight)})"

    @property
    def separation(self) -> float:
        """R in double precision."""
        return float(self.exact_separation)

    @property
    def weight(self) -> float:
        """w* in double precision."""
        return float(self.exact_weight)

    @property
    def half_log_odds(self) -> float:
        """h = (1/2) log(w*/(1 - w*)), rounded to double."""
        return half_log_odds(self.exact_weight)[0]

    @property
    def half_log_odds_pair(self) -> tuple[float, float]:
        """h as an unevaluated sum of two doubles, good to about 32 digits; psi near its zero needs both."""
        return half_log_odds(self.exact_weight)

    @property
    def reflected(self) -> "BimodalTarget":
        """The mirror image: weight 1 - w* (every overlap changes its sign)."""
        return BimodalTarget(self.exact_separation, 1 - self.exact_weight)

    @property
    def heavy_first(self) -> "BimodalTarget":
        """This target or its mirror image, whichever has w* >= 1/2: constants refer to the heavy mode."""
        return self if self.exact_weight >= Fraction(1, 2) else self.reflected

    @checked(x="points")
    def log_prob(self, x: Float[np.ndarray, "... d"]) -> FloatArray:
        """Log-density at points x; the modes lie on the first axis.

        Example:
            >>> import numpy as np
            >>> round(float(BimodalTarget(3, 0.5).log_prob(np.zeros(2))), 6)
            -6.337877
        """
        x = np.asarray(x, dtype=np.float64)
        along, r, (log_weight, log_complement) = x[..., 0], self.separation, _log_weights(self.exact_weight)
        with Silent("over"):  # far away the density is zero
            rest = -0.5 * np.sum(x[..., 1:] ** 2, axis=-1) - 0.5 * x.shape[-1] * _LOG_CIRCLE
            first = log_weight - 0.5 * (along - r) ** 2
            second = log_complement - 0.5 * (along + r) ** 2
        return np.asarray(rest + np.logaddexp(first, second), dtype=np.float64)

    @checked(dim="coordinates")
    def sample(self, count: int, dim: int, rng: np.random.Generator) -> Float[np.ndarray, "n d"]:
        """Independent draws, shape (count, dim); the modes lie on the first axis."""
        draws = rng.standard_normal((count, dim))
        draws[:, 0] += np.where(rng.random(count) < self.weight, self.separation, -self.separation)
        return draws


@lru_cache(maxsize=1024)
def _log_weights(weight: Fraction) -> tuple[float, float]:
    return float(np.log(float(weight))), float(np.log(float(1 - weight)))


@lru_cache(maxsize=1024)
def half_log_odds(weight: Fraction) -> tuple[float, float]:
    """``log(w/(1 - w))/2`` as an unevaluated sum of two doubles."""
    context = mpmath.MPContext()  # of its own: the precision of mpmath's is every thread's
    context.dps = 50
    odds = context.mpf(weight.numerator) / (weight.denominator - weight.numerator)
    value = context.log(odds) / 2
    high = float(value)
    return high, float(value - high)
