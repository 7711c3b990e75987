r"""Annealing schedules: their clock, its inverse, and the time above a temperature.

Source: theory section 8 (and 6 for the hot clock).  Output: for each schedule with closed forms T - 1, the integral of
beta, its inverse, and the time and clock above a temperature, in forms that lose no digits in floating point.
"""

from dataclasses import dataclass
from typing import Any

import mpmath
import sympy as sp
from sympy.codegen.cfunctions import expm1, log1p

from derivations.core import DIGITS, Derivation
from derivations.symbols import symbol

x, y, a, e = (symbol(name) for name in ("elapsed", "scaled_clock", "initial_excess", "excess"))
p = symbol("exponent")
T_0, theta, t_0 = symbol("initial_temperature"), symbol("threshold"), symbol("decay_time")
T_left, T_right = symbol("left_temperature"), symbol("right_temperature")
sqrt, exp, log = sp.sqrt, sp.exp, sp.log


@dataclass(frozen=True)
class Forms:
    """The closed forms of one schedule, in units of its own time.

    Args:
        name: First word of the generated functions.
        title: Name of the schedule on the page.
        excess: T - 1 after x.
        clock: Integral of beta up to x.
        elapsed: x at which the clock shows y.
        excess_at_clock: T - 1 when the clock shows y.
        time_above: x at which T - 1 = e.
        clock_above: Clock at which T - 1 = e.
    """

    name: str
    title: str
    excess: Any
    clock: Any
    elapsed: Any
    excess_at_clock: Any
    time_above: Any
    clock_above: Any


EXPONENTIAL = Forms(
    "exponential",
    "Exponential",
    excess=a * exp(-x),
    clock=log1p(expm1(x) / (1 + a)),
    elapsed=log1p((1 + a) * expm1(y)),
    excess_at_clock=a * exp(-y) / (exp(-y) - (1 + a) * expm1(-y)),
    time_above=log1p((a - e) / e),
    clock_above=log1p((a - e) / ((1 + a) * e)),
)
EXPONENTIAL_TO_ONE = Forms(
    "exponential_to_one",
    "Exponential to one",
    excess=(a - expm1(x)) * exp(-x),
    clock=expm1(x) / (1 + a),
    elapsed=log1p((1 + a) * y),
    excess_at_clock=(a - (1 + a) * y) / (1 + (1 + a) * y),
    time_above=log1p((a - e) / (1 + e)),
    clock_above=(a - e) / ((1 + a) * (1 + e)),
)
LINEAR = Forms(
    "linear",
    "Linear in the temperature",
    excess=a * (1 - x),
    clock=log1p(a * x / (1 + a * (1 - x))) / a,
    elapsed=-(1 + a) * expm1(-a * y) / a,
    excess_at_clock=(a - expm1(a * y)) * exp(-a * y),
    time_above=(a - e) / a,
    clock_above=log1p((a - e) / (1 + e)) / a,
)
_ROOT = sqrt(1 + 2 * a * (1 + a) * y)
LINEAR_BETA = Forms(
    "linear_beta",
    "Linear in the inverse temperature",
    excess=a * (1 - x) / (1 + a * x),
    clock=(x + a * x**2 / 2) / (1 + a),
    elapsed=2 * (1 + a) * y / (1 + _ROOT),
    excess_at_clock=a * (2 + a - 2 * (1 + a) * y) / (_ROOT * (1 + a + _ROOT)),
    time_above=(a - e) / (a * (1 + e)),
    clock_above=(a - e) * (2 + a + e) / (2 * a * (1 + a) * (1 + e) ** 2),
)
POWER_EXCESS = a * exp(-p * log1p(x))
POWER_TIME_ABOVE = expm1(log1p((a - e) / e) / p)


def derive() -> Derivation:
    """Prove every closed form from the temperature alone."""
    d = Derivation("schedules", source="theory section 8", title="Annealing schedules")
    d.say(
        """Times are in units of the schedule's own time ($x = t/t_0$), the clock $\\int_0^t \\beta\\,dt'$ likewise
        ($y$), and temperatures are counted from 1: $T = 1 + e$, $T_0 = 1 + e_0$, so that nothing cancels near
        $T = 1$. All forms are stated with $\\mathrm{log1p}(u) = \\log(1+u)$ and $\\mathrm{expm1}(u) = e^u - 1$
        and proved: the derivative of the clock is $1/T$ and it starts at 0, the derivative of its inverse
        is $T$, and so on."""
    )
    _defined(d, EXPONENTIAL, 1 + (T_0 - 1) * exp(-x))
    _late_forms(d)
    _hot_clock(d)
    _defined(d, EXPONENTIAL_TO_ONE, T_0 * exp(-x))
    d.say("This holds until $T = 1$; from then on the clock is the time. The same goes for the two linear schedules.")
    _defined(d, LINEAR, T_0 + (1 - T_0) * x)
    _defined(d, LINEAR_BETA, 1 / (1 / T_0 + (1 - 1 / T_0) * x))
    _power(d)
    _straight_line(d)
    return d


def _defined(d: Derivation, forms: Forms, temperature: Any) -> None:
    """Prove the six forms of a schedule from its temperature."""
    d.step(f"{forms.title}: definition", temperature, "T(x)")
    title = forms.title
    d.check(f"{title}: temperature above 1", temperature.subs(T_0, 1 + a) - 1, _plain(forms.excess), shown="T - 1")
    heat = 1 + _plain(forms.excess)
    clock, elapsed = _plain(forms.clock), _plain(forms.elapsed)
    at_clock, reached = _plain(forms.excess_at_clock), _plain(forms.time_above)
    d.check(f"{title}: the clock runs at the rate beta", sp.diff(clock, x), 1 / heat, shown="dy/dx")
    d.check(f"{title}: the clock starts at 0", clock.subs(x, 0), sp.Integer(0), shown="y(0)")
    d.check(f"{title}: the temperature along the clock", _plain(forms.excess.subs(x, elapsed)), at_clock, shown="T - 1")
    d.check(f"{title}: the inverse runs at the rate T", sp.diff(elapsed, y), 1 + at_clock, shown="dx/dy")
    d.check(f"{title}: the inverse starts at 0", elapsed.subs(y, 0), sp.Integer(0), shown="x(0)")
    d.check(f"{title}: when a temperature is crossed", _plain(forms.excess.subs(x, reached)), e, shown="e(x(e))")
    above = _plain(forms.clock_above)
    d.check(f"{title}: the clock above a temperature", sp.diff(above, e), sp.diff(reached, e) / (1 + e), shown="dy/de")
    d.check(f"{title}: it starts at the initial temperature", above.subs(e, a), sp.Integer(0), shown="y(e_0)")
    name = forms.name
    d.output(f"{name}_excess", forms.excess, "T - 1", "T - 1 at the elapsed time", (x, a))
    d.output(f"{name}_clock", forms.clock, "y", "integral of beta up to the elapsed time", (x, a))
    d.output(f"{name}_elapsed", forms.elapsed, "x", "elapsed time when the clock shows y", (y, a))
    d.output(f"{name}_excess_at_clock", forms.excess_at_clock, "T - 1", "T - 1 when the clock shows y", (y, a))
    d.output(f"{name}_time_above", forms.time_above, "x", "time during which T - 1 > e", (e, a))
    d.output(f"{name}_clock_above", forms.clock_above, "y", "clock during which T - 1 > e", (e, a))


def _late_forms(d: Derivation) -> None:
    """Equal forms for arguments at which the others overflow or cancel."""
    d.say("Where $e^x$ or $1/e$ would overflow, equal forms take over.")
    late_clock = x - log1p(a) + log1p(a * exp(-x))
    late_elapsed = y + log1p(a) + log1p(-a / (1 + a) * exp(-y))
    late_time = log(a) - log(e)
    _same(d, "Exponential: late clock", late_clock, EXPONENTIAL.clock, x, 0)
    _same(d, "Exponential: late inverse", late_elapsed, EXPONENTIAL.elapsed, y, 0)
    _same(d, "Exponential: time above 1 + e, small e", late_time, EXPONENTIAL.time_above, e, a)
    d.output("exponential_clock_late", late_clock, "y", "integral of beta up to the elapsed time, large x", (x, a))
    d.output("exponential_elapsed_late", late_elapsed, "x", "elapsed time when the clock shows y, large y", (y, a))
    d.output("exponential_time_above_late", late_time, "x", "time during which T - 1 > e, small e", (e, a))


def _same(d: Derivation, title: str, late: Any, early: Any, variable: sp.Symbol, start: Any) -> None:
    """Two forms are equal: so are their derivatives, and both vanish at the start."""
    late, early = _plain(late), _plain(early)
    d.check(title, [sp.diff(late, variable), late.subs(variable, start)], [sp.diff(early, variable), sp.Integer(0)],
            shown=["derivative", "at the start"])  # fmt: skip


def _hot_clock(d: Derivation) -> None:
    """The hot clock of slow annealing in the letters of theory section 6."""
    hot = t_0 * log((1 - 1 / T_0) / (1 - 1 / theta))
    time = t_0 * log((T_0 - 1) / (theta - 1))
    d.step(
        "Exponential: clock and time above a temperature",
        [hot, time],
        [r"\int_{T>\theta}\beta\,dt", r"\int_{T>\theta}dt"],
    )
    back = {T_0: 1 + a, theta: 1 + e}
    for title, value, form in (
        ("Exponential: the hot clock, tempered target", hot, EXPONENTIAL.clock_above),
        ("Exponential: the hot clock, free energy", time, EXPONENTIAL.time_above),
    ):
        d.check(title, exp(value.subs(back) / t_0), exp(_plain(form)), shown=r"e^{y}")


def _power(d: Derivation) -> None:
    """The power law: temperature and crossing times; its clock is hypergeometric."""
    d.step("Power law: definition", 1 + (T_0 - 1) * (1 + x) ** -p, "T(x)")
    d.check("Power law: temperature above 1", a * (1 + x) ** -p, _plain(POWER_EXCESS), shown="T - 1")
    late = expm1((log(a) - log(e)) / p)
    positive = {a: sp.Symbol("e_0", positive=True), e: sp.Symbol("e", positive=True)}
    for title, form in (("a temperature", POWER_TIME_ABOVE), ("a low temperature", late)):
        crossed = POWER_EXCESS.subs(x, _plain(form)).subs(positive)
        crossed = sp.powsimp(sp.expand_log(_plain(crossed)))
        d.check(f"Power law: when {title} is crossed", crossed, e.subs(positive), shown="e(x(e))")
    root = sqrt(a)
    elementary = {1: x - a * log(1 + x / (1 + a)), 2: x - root * (sp.atan((1 + x) / root) - sp.atan(1 / root))}
    for power, clock in elementary.items():
        rate = _plain(1 / (1 + POWER_EXCESS)).subs(p, power)
        _clock(d, f"Power law: clock for p = {power}", clock, rate)
    d.say(
        """For other powers the clock is hypergeometric, written here as a difference of large numbers that cancel; the
        package integrates $1/T$ numerically instead."""
    )
    primitive = (
        r"\left[\frac{u^{1+p}}{(1+p) e_0}"
        r"{}_2F_1\left(1, 1+\tfrac1p; 2+\tfrac1p; -\tfrac{u^p}{e_0}\right)\right]_1^{1+x}"
    )
    d.check_numbers("Power law: clock for any p", "y", primitive, [_power_clock(*point) for point in _POINTS])
    d.output("power_excess", POWER_EXCESS, "T - 1", "T - 1 at the elapsed time", (x, a, p))
    d.output("power_time_above", POWER_TIME_ABOVE, "x", "time during which T - 1 > e", (e, a, p))
    d.output("power_time_above_late", late, "x", "time during which T - 1 > e, small e", (e, a, p))


def _clock(d: Derivation, title: str, clock: Any, rate: Any) -> None:
    """A clock runs at the rate beta and starts at 0."""
    d.step(title, clock, "y(x)")
    d.check(
        f"{title}: rate and start",
        [sp.diff(clock, x), clock.subs(x, 0)],
        [rate, sp.Integer(0)],
        shown=["dy/dx", "y(0)"],
    )


_POINTS = (("0.5", "9", "3"), ("1.5", "9", "0.2"), ("3.25", "99", "7"), ("0.3", "1.5", "40"))


def _power_clock(power: str, excess: str, end: str) -> tuple[Any, Any]:
    """The clock of a power law by quadrature and by the hypergeometric primitive."""
    with mpmath.workdps(DIGITS + 10):
        p_, a_, x_ = mpmath.mpf(power), mpmath.mpf(excess), mpmath.mpf(end)
        integral = mpmath.quad(lambda u: u**p_ / (u**p_ + a_), mpmath.linspace(1, 1 + x_, 9))

        def primitive(u: Any) -> Any:
            return u ** (1 + p_) / (1 + p_) / a_ * mpmath.hyp2f1(1, 1 + 1 / p_, 2 + 1 / p_, -(u**p_) / a_)

        return integral, primitive(1 + x_) - primitive(mpmath.mpf(1))


def _straight_line(d: Derivation) -> None:
    """One line of a table of temperatures, in units of its duration."""
    heat = T_left + (T_right - T_left) * x
    clock = log(heat / T_left) / (T_right - T_left)
    d.step("Piece of a table: definition", heat, "T(x)")
    _clock(d, "Piece of a table: clock", clock, 1 / heat)
    d.say("For equal temperatures its limit is $x/T_k$: the package evaluates $\\mathrm{log1p}(u)/u$ there.")


def _plain(value: Any) -> Any:
    """The same with log1p and expm1 written out, so that SymPy can simplify."""
    value = sp.sympify(value)
    return value.replace(log1p, lambda u: log(1 + u)).replace(expm1, lambda u: exp(u) - 1)
