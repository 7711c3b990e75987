"""P by runs at quantiles, of free pairs and of pairs on the sphere, with the error of its own rule."""

from anneal_theory.probability.noisy.quantiles import CHECK, FINE, Average, Rule, quantile_average
from anneal_theory.probability.noisy.sphere_quantiles import sphere_quantile_average
from anneal_theory.probability.noisy.training_noise import NoisyTraining
from anneal_theory.problem import BimodalTarget, GaussianInit, SphereInit


def by_quantiles(
    training: NoisyTraining, target: BimodalTarget, init: GaussianInit | SphereInit, rule: Rule,
    first: Average | None = None,
) -> Average:  # fmt: skip
    """P by a rule; on the sphere no search begins at what another found."""
    if isinstance(init, SphereInit):
        return sphere_quantile_average(training, init.dim, rule)
    return quantile_average(training, target, init, rule, first)


def told_by_quantiles(
    training: NoisyTraining, longer: NoisyTraining, target: BimodalTarget, init: GaussianInit | SphereInit
) -> tuple[float, float]:
    """P by the fine rule, and the error of the rule: by how much another one differs, in longer moves.

    Args:
        training: The training with noise.
        longer: The same in longer moves, where both rules are cheap; their difference hardly depends on the moves.
        target: Its target.
        init: Law of its starts.
    """
    first, other = (by_quantiles(longer, target, init, rule) for rule in (FINE, CHECK))
    probability = by_quantiles(training, target, init, FINE, first)
    return probability.value, abs(first.value - other.value) + probability.error
