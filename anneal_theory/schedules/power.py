"""Power-law cooling towards T = 1."""

from fractions import Fraction
from functools import cached_property

import numpy as np

from anneal_theory._types import Arb, BallFunctions, Exactable
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules.clock_table import LONGEST, ClockTable
from anneal_theory.schedules.monotone import MonotoneSchedule
from anneal_theory.schedules.parameters import Rounded

_NEGLIGIBLE = 40.0  # exp(-40) is below half an ulp of 1


class Power(MonotoneSchedule):
    """``T = 1 + (T0 - 1)(1 + t/t0)^(-exponent)``.

    The clock is a hypergeometric function (elementary only for special exponents); it is integrated in the variable
    ``log(1 + t/t0)`` by Gauss-Legendre panels to a relative error of 1e-14,
    and inverted by Newton's method to the same.

    Args:
        initial_temperature: T0 >= 1.
        decay_time: t0 > 0, in units of gradient-flow time.
        exponent: Power of the decay, > 0.

    Raises:
        DomainError: a parameter lies outside its domain.

    Source:
        theory section 8; derivations/schedules.py.

    Example:
        >>> schedule = Power(initial_temperature=10, decay_time=100, exponent=1)
        >>> round(schedule.temperature(100.0), 12), round(schedule.time_above(2.0), 9)
        (5.5, 800.0)
    """

    exact_decay_time: Fraction
    exact_exponent: Fraction
    decay_time = Rounded()
    exponent = Rounded()

    @checked
    def __init__(self, initial_temperature: Exactable, decay_time: Exactable, exponent: Exactable) -> None:
        self._keep(initial_temperature=initial_temperature, decay_time=decay_time, exponent=exponent)

    @cached_property
    def _table(self) -> ClockTable:
        """The clock up to where 1/T is 1 to double precision.

        The integrand ``e^s / (1 + (T0-1) e^(-ps))`` has its nearest poles at a distance pi/p from the real axis: on
        panels of width 2/p the 16-point rule errs by less than 6.4^-32.
        """
        excess, power = self.initial_excess, self.exponent
        last = max(0.0, min((np.log(excess) + _NEGLIGIBLE) / power, LONGEST)) if excess else 0.0
        edges = np.linspace(0.0, last, int(np.ceil(last / min(2.0, 2.0 / power))) + 1)
        return ClockTable(lambda s: np.exp(s) / (1 + self._excess_form(elapsed=np.expm1(s))), edges)

    def _reduced_until(self, excess: Fraction, clock: bool, ctx: BallFunctions) -> Arb | float:
        x = super()._reduced_until(excess, False, ctx)
        if not clock:
            return x
        start = self._primitive(ctx, ctx.rational(Fraction(1)), self.exact_initial_temperature - 1)
        return self._primitive(ctx, 1 + x, excess) - start

    def _primitive(self, ctx: BallFunctions, u: Arb | float, excess: Fraction) -> Arb:
        """The primitive of 1/T in u = 1 + t/t0 where T = 1 + excess: ``u/(T (1+p)) 2F1(1, 1; 2 + 1/p; 1/T)``.

        The hypergeometric form of derivations/schedules.py after Pfaff's transformation (DLMF 15.8.1); every term is
        positive.
        """
        beta = ctx.rational(1 / (1 + excess))
        third = ctx.rational(2 + 1 / self.exact_exponent)
        return u * beta / ctx.rational(1 + self.exact_exponent) * beta.hypgeom_2f1(1, 1, third)
