"""What every annealing schedule is: a temperature T(t), its clock, and the times it spends above a level."""

from abc import abstractmethod
from fractions import Fraction
from functools import partial
from typing import Literal, Self, cast, overload

from anneal_theory._types import Arb, BallFunctions, Exactable, FloatArray, Mpf
from anneal_theory.exact import exact
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Ball
from anneal_theory.schedules.analytic import AnalyticPiece
from anneal_theory.schedules.cells import Cells
from anneal_theory.schedules.parameters import Parameters
from anneal_theory.schedules.values import Above, Level, Many, NumberOrArray, elementwise


class Schedule(Parameters):
    """A temperature as a function of the time of gradient flow, t >= 0 (theory section 8).

    The public methods take a float (and return one) or an array (and return one of the same shape). The clock is
    ``int_0^t beta dt'`` with ``beta = 1/T``; it runs from 0 to infinity and never stops, so it has an inverse.
    Subclasses supply the kernels (names with an underscore), which see validated one-dimensional arrays.
    """

    @overload
    def temperature(self, t: float) -> float: ...
    @overload
    def temperature(self, t: Many) -> FloatArray: ...
    @checked
    def temperature(self, t: NumberOrArray) -> float | FloatArray:
        """T(t).

        Args:
            t: Time or times, from 0 to 1e150.

        Raises:
            DomainError: a time is negative or not finite.
        """
        return elementwise(self._temperature, t)

    @overload
    def excess(self, t: float) -> float: ...
    @overload
    def excess(self, t: Many) -> FloatArray: ...
    @checked
    def excess(self, t: NumberOrArray) -> float | FloatArray:
        """T(t) - 1 without cancellation: full relative accuracy however close T is to 1."""
        return elementwise(self._excess, t)

    @overload
    def beta(self, t: float) -> float: ...
    @overload
    def beta(self, t: Many) -> FloatArray: ...
    @checked
    def beta(self, t: NumberOrArray) -> float | FloatArray:
        """beta(t) = 1/T(t)."""
        return elementwise(lambda times: 1 / self._temperature(times), t)

    @overload
    def clock(self, t: float) -> float: ...
    @overload
    def clock(self, t: Many) -> FloatArray: ...
    @checked
    def clock(self, t: NumberOrArray) -> float | FloatArray:
        """The integral of beta from 0 to t."""
        return elementwise(self._clock, t)

    @overload
    def inverse_clock(self, c: float) -> float: ...
    @overload
    def inverse_clock(self, c: Many) -> FloatArray: ...
    @checked
    def inverse_clock(self, c: NumberOrArray) -> float | FloatArray:
        """The time at which the clock shows c.

        Args:
            c: Clock value or values, from 0 to 1e150.

        Raises:
            DomainError: a value is negative or not finite.
        """
        return elementwise(self._inverse_clock, c)

    @overload
    def temperature_at_clock(self, c: float) -> float: ...
    @overload
    def temperature_at_clock(self, c: Many) -> FloatArray: ...
    @checked
    def temperature_at_clock(self, c: NumberOrArray) -> float | FloatArray:
        """The temperature when the clock shows c."""
        return elementwise(self._temperature_at_clock, c)

    @overload
    def excess_at_clock(self, c: float) -> float: ...
    @overload
    def excess_at_clock(self, c: Many) -> FloatArray: ...
    @checked
    def excess_at_clock(self, c: NumberOrArray) -> float | FloatArray:
        """T - 1 when the clock shows c, without cancellation."""
        return elementwise(self._excess_at_clock, c)

    @overload
    def time_above(self, T: float) -> float: ...
    @overload
    def time_above(self, T: Many) -> FloatArray: ...
    @overload
    def time_above(self, T: Level, *, digits: int, certified: Literal[False] = False) -> Mpf: ...
    @overload
    def time_above(self, T: Level, *, digits: int | None = None, certified: Literal[True]) -> Ball: ...
    @overload
    def time_above(self, T: Level | Many, *, digits: int | None = None, certified: bool = False) -> Above: ...
    @checked
    def time_above(self, T: Level | Many, *, digits: int | None = None, certified: bool = False) -> Above:
        """Total time during which the temperature is strictly greater than T.

        Args:
            T: Level or levels, positive and finite; a float is its shortest decimal, so that T - 1 is exact however
                close to 1. A `Ball` (a critical temperature, say) gives an enclosure for all
                temperatures in it.
            digits: None for doubles, else correct relative digits of an exact level (a float is its shortest decimal).
            certified: Return a `Ball` that encloses the truth.

        Returns:
            Time, infinite where the temperature stays above T for ever (or for longer than a double can say); float or
            array like T, ``mpf`` with digits, `Ball` when certified or when T is one.

        Raises:
            DomainError: a level is not positive or not finite, is an array where digits are asked for, or the schedule
                has no closed form (`from_callable`).
            PrecisionError: a ball is too wide for the digits.

        Example:
            >>> import mpmath
            >>> from anneal_theory.schedules import Exponential
            >>> mpmath.nstr(Exponential(10, 100).time_above("5.5", digits=30), 30)
            '69.3147180559945309417232121458'
        """
        if digits is not None or certified or isinstance(T, Ball):
            return self._above(T, digits, certified, clock=False)
        return elementwise(self._time_above, cast(NumberOrArray, T))

    @overload
    def clock_above(self, T: float) -> float: ...
    @overload
    def clock_above(self, T: Many) -> FloatArray: ...
    @overload
    def clock_above(self, T: Level, *, digits: int, certified: Literal[False] = False) -> Mpf: ...
    @overload
    def clock_above(self, T: Level, *, digits: int | None = None, certified: Literal[True]) -> Ball: ...
    @overload
    def clock_above(self, T: Level | Many, *, digits: int | None = None, certified: bool = False) -> Above: ...
    @checked
    def clock_above(self, T: Level | Many, *, digits: int | None = None, certified: bool = False) -> Above:
        """The part of the clock that runs while the temperature is strictly greater than T.

        ``tau_hot`` of theory section 6 is w1 times this at T_c (times `time_above` under the free energy). Arguments,
        results and errors as for `time_above`.

        Example:
            >>> from anneal_theory.schedules import Exponential
            >>> ball = Exponential(10, 100).clock_above("5.58355", digits=50, certified=True)
            >>> bool(ball.error < 1e-50 * ball.value)
            True
        """
        if digits is not None or certified or isinstance(T, Ball):
            return self._above(T, digits, certified, clock=True)
        return elementwise(self._clock_above, cast(NumberOrArray, T))

    def _above(self, T: Level | Many, digits: int | None, certified: bool, clock: bool) -> Mpf | Ball:
        from anneal_theory.schedules.any_digits import CONTEXT, above  # loads flint, which doubles do not need

        kernel = partial(self._above_in_balls, clock=clock, ctx=CONTEXT)
        return above(kernel, T, digits, certified or (digits is None and isinstance(T, Ball)))

    @overload
    def highest_after(self, t: float) -> float: ...
    @overload
    def highest_after(self, t: Many) -> FloatArray: ...
    @checked
    def highest_after(self, t: NumberOrArray) -> float | FloatArray:
        """The supremum of the temperature from time t on."""
        return elementwise(self._highest_after, t)

    @checked
    def settling_time(self, tolerance: float | int) -> float:
        """The first time after which ``|T - 1|`` is at most the tolerance for good; infinite if there is none.

        A temperature below 1 is as unsettled as one above it: annealing goes on until T is back at 1.

        Args:
            tolerance: Non-negative and finite.

        Raises:
            DomainError: the tolerance is negative or not finite.

        Example:
            >>> from anneal_theory.schedules import Piecewise
            >>> Piecewise([0, 2, 6], [1, 0.5, 1]).settling_time(0.125)
            5.0
        """
        return self._settling_time(float(tolerance))

    @property
    def caveat(self) -> str:
        """The caveat of every number found with this schedule; empty where T is known at every time."""
        return ""

    @checked
    def cells(self, in_clock: bool, tolerance: float) -> Cells:
        """The temperature until it is settled to the tolerance, in smooth cells for those who integrate with it.

        Args:
            in_clock: Whether cells are read by the integral of beta, else by time.
            tolerance: Of |T - 1|, as for `settling_time`.
        """
        return self._cells(in_clock, tolerance)

    def strides(self) -> list[tuple[float, float]]:
        """(end, longest step) of the stretches of time in turn that an integrator must not step across."""
        return [(time, float("inf")) for time in self.breakpoints]

    @checked
    def rescaled(self, factor: Exactable, digits: int | None = None) -> Self:
        """The same temperatures in another unit of time: every time that the schedule is made of is multiplied.

        Args:
            factor: The old unit of time in new ones.
            digits: Round the times to so many digits; they are exact without it.

        Raises:
            DomainError: the factor, or a time that comes out, is outside its domain.

        Example:
            >>> from anneal_theory.schedules import Exponential
            >>> Exponential(10, 5).rescaled("1/4")
            Exponential(initial_temperature=10, decay_time=1.25)
        """
        return self._stretched(exact(factor), digits)

    @property
    @abstractmethod
    def initial_temperature(self) -> float:
        """T(0)."""

    @property
    @abstractmethod
    def final_temperature(self) -> float:
        """The limit of T(t) as t grows."""

    @property
    @abstractmethod
    def breakpoints(self) -> tuple[float, ...]:
        """The times > 0 at which T is not smooth, in increasing order."""

    @property
    @abstractmethod
    def never_increases(self) -> bool:
        """Whether the temperature never rises."""

    def _temperature(self, t: FloatArray) -> FloatArray:
        return 1 + self._excess(t)

    def _temperature_at_clock(self, c: FloatArray) -> FloatArray:
        return self._temperature(self._inverse_clock(c))

    def _excess_at_clock(self, c: FloatArray) -> FloatArray:
        return self._excess(self._inverse_clock(c))

    @abstractmethod
    def _excess(self, t: FloatArray) -> FloatArray: ...

    @abstractmethod
    def _clock(self, t: FloatArray) -> FloatArray: ...

    @abstractmethod
    def _inverse_clock(self, c: FloatArray) -> FloatArray: ...

    @abstractmethod
    def _time_above(self, level: FloatArray) -> FloatArray: ...

    @abstractmethod
    def _clock_above(self, level: FloatArray) -> FloatArray: ...

    @abstractmethod
    def _above_in_balls(self, level: Fraction, clock: bool, ctx: BallFunctions) -> Arb:
        """The time above an exact level, or the clock's part, as an Arb ball; infinite where it is."""

    @abstractmethod
    def _pieces(self) -> list[AnalyticPiece]:
        """The analytic stretches as power series (`series.Piece`), in order of time."""

    @abstractmethod
    def _highest_after(self, t: FloatArray) -> FloatArray: ...

    @abstractmethod
    def _settling_time(self, tolerance: float) -> float: ...

    @abstractmethod
    def _cells(self, in_clock: bool, tolerance: float) -> Cells: ...
