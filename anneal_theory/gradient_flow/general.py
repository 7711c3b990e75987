"""The general flow: K trainable means against K* modes, and the gradients of its extensions (theory sections 3 and 9).

The means never leave the span of their start and the modes, so the flow is integrated in coordinates of that span. Its
Gram matrix then obeys dQ/dt = -(M Q + Q M^T) and stays positive semidefinite whatever the rounding.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from anneal_theory._types import FloatArray, Metric, Objective
from anneal_theory.errors import DomainError
from anneal_theory.formulas.alignment import natural_mobility
from anneal_theory.formulas.gradient import logit_gradient, mean_pull, mode_pull, variance_slope
from anneal_theory.formulas.responsibilities import component_loss, spread_part
from anneal_theory.gradient_flow.driver import System
from anneal_theory.gradient_flow.gram import GramState
from anneal_theory.gradient_flow.responsibilities import TargetResponsibilities, family_responsibilities, squared_gaps
from anneal_theory.problem.dynamics import loss_factors
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules import Schedule


class LossGradients(NamedTuple):
    """The loss KL(q || p^beta / Z) up to a constant in q, and its gradients."""

    loss: float  # E_q[log q] - beta E_q[log p]
    means: Float[np.ndarray, "K n"]  # dL/dmu_i as coefficients of the means and the modes, shape (K, K + K*)
    variance: float  # dL/dv for the common variance v
    weight_logits: Float[np.ndarray, " K"]  # dL/da_i for family weights softmax(a), shape (K,)


@checked(start="gram_start")
def responsibilities(start: GramState) -> tuple[FloatArray, FloatArray]:
    """A_ij = E_i[r_j], shape (K, K), and B_ik = E_i[r*_k], shape (K, K*), exact to about 1e-13.

    Args:
        start: The means and weights.

    Source:
        theory section 3.

    Example:
        >>> from anneal_theory.problem import BimodalTarget
        >>> family, target = responsibilities(GramState.from_means([[1.3, 0.0], [0.0, 0.0]], BimodalTarget(3, 0.5)))
        >>> round(float(family[0, 1] / 2), 12)  # G(1.3; 1/2)
        0.172696117552
    """
    means, modes = start.coordinates()
    target = TargetResponsibilities(modes, start.target_weights, start.variance)
    return family_responsibilities(means, start.family_weights, start.variance).first, target(means).first


@checked(start="gram_start", temperature="loss_temperature", dim="coordinates")
def loss_gradients(start: GramState, temperature: float, dim: int) -> LossGradients:
    """The loss of the general family and its gradients in the means, the common variance and the weights.

    Args:
        start: The means and weights.
        temperature: T > 0.
        dim: d, at least the rank of the Gram matrix; the loss and its derivative in the variance depend on it.

    Raises:
        DomainError: the temperature is not positive or dim is smaller than the rank of the Gram matrix.

    Source:
        theory section 3.

    Example:
        >>> from anneal_theory.problem import BimodalTarget
        >>> mixture = BimodalTarget(3, 0.8)
        >>> gradients = loss_gradients(GramState.from_means([[3.0, 0.0], [-3.0, 0.0]], mixture, [0.8, 0.2]), 1.0, 2)
        >>> bool(np.all(np.abs(gradients.weight_logits) < 1e-13)), abs(gradients.variance) < 1e-13  # q = p
        (True, True)
    """
    means, modes = start.coordinates()
    if dim < means.shape[1]:
        need = f"an integer of at least {means.shape[1]}, the rank of the Gram matrix"
        raise DomainError.of("dim", need, dim, "give the dimension of the samples")
    beta, v, w = 1 / temperature, start.variance, start.family_weights
    family = family_responsibilities(means, w, v, moments=True)
    target = TargetResponsibilities(modes, start.target_weights, v)(means, moments=True)
    each = component_loss(dim, v, beta, own_log_sum=family.log_sum, mode_log_sum=target.log_sum)
    spread_q = _spread(means, family.second)
    spread_p = _spread(modes, target.second)
    slopes = variance_slope(dim=dim, variance=v, beta=beta, own_spread=spread_q, mode_spread=spread_p)
    logits = logit_gradient(component_weight=w, component_loss=each, mean_loss=w @ each)
    return LossGradients(float(w @ each), -_pull(family.first, target.first, w, v, beta), float(w @ slopes), logits)


def general_system(
    start: GramState, schedule: Schedule, objective: Objective, metric: Metric
) -> tuple[System, Callable[[FloatArray], dict[str, FloatArray]]]:
    """The flow of the means' coordinates, and the statistics of a state: the Gram matrix under "gram"."""
    means, modes = start.coordinates()
    shape, weights, v = means.shape, start.family_weights, start.variance
    target = TargetResponsibilities(modes, start.target_weights, v)
    mobility = natural_mobility(weights) if metric == "natural" else np.ones_like(weights)
    factors = loss_factors(objective)

    def rates(t: float, y: FloatArray) -> FloatArray:
        moved = y.reshape(shape)
        attraction, repulsion = factors(schedule.temperature(t))
        shares = family_responsibilities(moved, weights, v).first, target(moved).first
        pull = _pull(*shares, weights, v, attraction / repulsion)
        return np.ravel((repulsion * mobility)[:, None] * (pull @ np.vstack([moved, modes])))

    def statistics(states: FloatArray) -> dict[str, FloatArray]:
        moved = states.reshape(len(states), *shape)
        fixed = np.broadcast_to(modes, (len(states), *modes.shape))
        stacked = np.concatenate([moved, fixed], axis=1)
        return {"gram": stacked @ np.swapaxes(stacked, 1, 2)}

    scale = float(np.sqrt(np.max(np.abs(start.gram)))) or 1.0
    return System(rates, means.ravel(), np.full(means.size, 1e-12 * scale)), statistics


def _pull(own: FloatArray, others: FloatArray, weights: FloatArray, variance: float, beta: float) -> FloatArray:
    """-grad_{mu_i} L as coefficients of the means and the modes, from A and B."""
    mine = mean_pull(
        component_weight=weights[:, None], variance=variance, beta=beta, same=np.eye(len(own)), own_share=own
    )
    return np.hstack([mine, mode_pull(component_weight=weights[:, None], beta=beta, mode_share=others)])


def _spread(points: FloatArray, second: FloatArray) -> FloatArray:
    """E_i[sum_j r_j |x_j|^2 - |sum_j r_j x_j|^2], from the squared gaps so that nothing cancels."""
    return np.asarray(np.sum(spread_part(squared_gaps(points, points), second), axis=(1, 2)))
