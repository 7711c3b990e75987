"""Adaptive annealing: the next inverse temperature from samples of the flow, replica by replica."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from jaxtyping import Float

from anneal_theory._floating import Silent
from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules import Schedule
from anneal_theory.training.outcome import reverse_ess

Betas: TypeAlias = Float[np.ndarray, " r"]
LogDensities: TypeAlias = Float[np.ndarray, "r n"]

_HALVINGS = 60  # bisection to below the spacing of doubles in [0, 1]


@checked(initial_temperature="rule_temperature", tolerance="divergence_tolerance")
@dataclass(frozen=True)
class AdaAnn:
    """Steps of constant Kullback-Leibler divergence: ``dbeta = tolerance / sqrt(Var_q[log p])``.

    To second order ``KL(p^beta || p^(beta + dbeta)) = dbeta^2 Var[log p] / 2``; the variance is measured on the flow.

    Args:
        initial_temperature: T0 >= 1.
        tolerance: Positive; the divergence of one step is about tolerance^2 / 2.
        every: Optimiser steps between two temperatures.
        samples: Samples a replica that the variance is measured on, at least 2.

    Raises:
        DomainError: an argument lies outside its domain.

    Source:
        Cobian, Hauenstein, Liu, Schiavazzi, AdaAnn: adaptive annealing scheduler for probability density
        approximation, arXiv 2202.00792.

    Example:
        >>> import numpy as np
        >>> rule = AdaAnn(initial_temperature=10, tolerance=0.2)
        >>> rule.next_beta(np.array([0.5]), np.array([[-1.0, 1.0]])).round(6)
        array([0.7])
    """

    initial_temperature: float | int
    tolerance: float | int
    every: int = 10
    samples: int = 1000

    @checked(beta="beta_now")
    def next_beta(self, beta: Betas, log_p: LogDensities) -> Betas:
        """Inverse temperatures after one step, at most 1.

        Args:
            beta: Present inverse temperatures, shape (r,).
            log_p: Log-density of the target (at T = 1) at samples of the flow, shape (r, n).
        """
        with Silent("divide"):  # samples of one density: nothing keeps beta from 1
            stepped: FloatArray = np.minimum(1.0, beta + self.tolerance / log_p.std(axis=1))
            return stepped

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        return {"kind": "AdaAnn"} | vars(self)


@checked(initial_temperature="rule_temperature")
@dataclass(frozen=True)
class ConstantESS:
    """Steps that keep the relative effective sample size of the weights ``p^dbeta`` at a constant.

    Args:
        initial_temperature: T0 >= 1.
        ess: The relative effective sample size of one step, strictly between 0 and 1.
        every: Optimiser steps between two temperatures.
        samples: Samples a replica that it is measured on, at least 2; `ess` must exceed 1/samples.

    Raises:
        DomainError: an argument lies outside its domain.

    Example:
        >>> import numpy as np
        >>> rule = ConstantESS(initial_temperature=10, ess=0.9)
        >>> step = rule.next_beta(np.array([0.1]), np.array([[-1.0, 1.0]])) - 0.1
        >>> bool(abs(np.cosh(step[0]) ** 2 / np.cosh(2 * step[0]) - 0.9) < 1e-12)
        True
    """

    initial_temperature: float | int
    ess: float
    every: int = 10
    samples: int = 1000

    def __post_init__(self) -> None:
        if not 1 / self.samples < self.ess < 1:
            raise DomainError.of(
                "ess", "strictly between 1/samples and 1", self.ess, "0.9 to 0.999 are usual; nearer to 1 is slower"
            )

    @checked(beta="beta_now")
    def next_beta(self, beta: Betas, log_p: LogDensities) -> Betas:
        """Inverse temperatures after one step, at most 1.

        Args:
            beta: Present inverse temperatures, shape (r,).
            log_p: Log-density of the target (at T = 1) at samples of the flow, shape (r, n).
        """
        low, high = np.zeros_like(beta), 1 - beta
        low = np.where(reverse_ess(high[:, None] * log_p) >= self.ess, high, low)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            enough = reverse_ess(middle[:, None] * log_p) >= self.ess
            low, high = np.where(enough, middle, low), np.where(enough, high, middle)
        return np.asarray(np.minimum(1.0, beta + low), dtype=np.float64)

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        return {"kind": "ConstantESS"} | vars(self)


Adaptive: TypeAlias = AdaAnn | ConstantESS
Rule: TypeAlias = Schedule | Adaptive  # what sets the temperatures of a training
