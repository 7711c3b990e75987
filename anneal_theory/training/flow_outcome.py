"""What became of a user's flow: mode weights, effective sample size and divergences; without torch."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Bool, Float
from scipy.stats import beta

from anneal_theory._types import FloatArray
from anneal_theory.results import plain
from anneal_theory.shown import Shown, with_error
from anneal_theory.training.rules import LOST_SHARE

_TOLD = 4  # modes that a line has room for
LOST_OF_EVEN = 0.1  # of an even share: how little counts as lost where the modes' weights in the target are not known


@dataclass(frozen=True, repr=False)
class ModeWeights(Shown):
    """The flow's mass at each of K known modes: the share of its samples that are nearest to the mode's centre.

    Attributes:
        weights: Shares, shape (K,), which sum to 1.
        errors: Their binomial standard errors (of a uniform prior given the counts, so that none is 0), shape (K,).
        target_weights: The modes' weights in the target, shape (K,); None where they are not known.
        lost: The modes that the flow has lost: those whose weight is below `cuts`.
        cuts: `lost_share` of the weight in the target, or of an even share 1/K where that is not known.
    """

    weights: Float[np.ndarray, " k"]
    errors: Float[np.ndarray, " k"]
    target_weights: Float[np.ndarray, " k"] | None
    lost: Bool[np.ndarray, " k"]
    cuts: Float[np.ndarray, " k"]

    def told(self) -> dict[str, object]:
        """How many modes are lost, and of the first few the flow's weight."""
        told: dict[str, object] = {"lost modes": f"{len(self.lost_modes)} of {len(self.weights)}"}
        for mode, (weight, error) in enumerate(zip(self.weights[:_TOLD], self.errors, strict=False)):
            aim = "" if self.target_weights is None else f", {self.target_weights[mode]:.3g} in the target"
            told[f"mode {mode}"] = with_error(float(weight), float(error)) + aim
        return told

    @property
    def lost_modes(self) -> list[int]:
        """Rows of the centres of the modes that are lost."""
        return np.flatnonzero(self.lost).tolist()


def weighed(counts: FloatArray, target_weights: FloatArray | None, lost_share: float | None) -> ModeWeights:
    """Mode weights from numbers of samples.

    counts has the samples nearest to each centre; a mode is lost below `lost_share` of its weight, 0.5 where the
    target's weights are given, else 0.1.
    """
    total, many = counts.sum(), len(counts)
    if target_weights is not None:
        target_weights = target_weights / target_weights.sum()
    share = lost_share or (LOST_OF_EVEN if target_weights is None else LOST_SHARE)
    cuts = share * (np.full(many, 1 / many) if target_weights is None else target_weights)
    # by the law of a share, of which k of n were counted: sqrt(w (1 - w)/n) would call a mode without a sample certain
    errors = np.asarray(beta.std(counts + 1, total - counts + 1))
    weights = counts / total
    return ModeWeights(weights, errors, target_weights, weights < cuts, cuts)


@dataclass(frozen=True, repr=False)
class TrainedFlow(Shown):
    """How the training of a flow ended; the flow itself was trained in place.

    Attributes:
        history: Recorded curves by name, shape (records,) each: step, temperature, loss (of the objective at that
            temperature) and ess (relative to the target at T = 1).
        ess: Final relative effective sample size of the importance weights p/q at the flow's samples, in (0, 1]. It is
            blind to modes that the flow has lost.
        elbo: Final mean of log p - log q at the flow's samples, in nats: -KL(q||p) where `log_prob` is normalised.
        elbo_error: Its standard error.
        modes: The flow's mass at the modes, where their centres were given.
        cross_entropy: Mean of -log q at samples of the target, in nats, where they were given; it is KL(p||q) plus the
            target's entropy, which no flow changes.
        cross_entropy_error: Its standard error.
        settings: What was run, as plain data.
    """

    history: dict[str, FloatArray]
    ess: float
    elbo: float
    elbo_error: float
    modes: ModeWeights | None = None
    cross_entropy: float | None = None
    cross_entropy_error: float | None = None
    settings: dict[str, Any] = field(default_factory=dict)

    def told(self) -> dict[str, object]:
        """The quality of the fit, and lost modes where they were looked for."""
        rows: dict[str, object] = {"elbo": with_error(self.elbo, self.elbo_error), "ess": self.ess}
        if self.modes is not None:
            rows["lost modes"] = f"{len(self.modes.lost_modes)} of {len(self.modes.weights)}"
        if self.cross_entropy is not None:
            rows["cross entropy"] = with_error(self.cross_entropy, self.cross_entropy_error)
        return rows

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        modes = None if self.modes is None else plain(vars(self.modes) | {"lost_modes": self.modes.lost_modes})
        return {name: plain(value) for name, value in vars(self).items()} | {"modes": modes}


def mean_and_error(values: FloatArray) -> tuple[float, float]:
    """The mean of independent values, and its standard error; infinite where a value is.

    Example:
        >>> mean_and_error(np.array([1.0, 3.0]))
        (2.0, 1.0)
    """
    if not np.isfinite(values).all():
        return float(values.mean()), np.inf
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))
