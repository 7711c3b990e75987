r"""Annealing schedules: their clock, its inverse, and the time above a temperature.

Source: theory section 8 (and 6 for the hot clock).  Output: for each schedule T - 1, where it ends, and in closed form
where there is one the integral of beta, its inverse, and the time and clock above a temperature, in forms that lose no
digits in floating point.  A new schedule is one more entry of `SCHEDULES`: its definition and T - 1 are enough.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy.codegen.cfunctions import expm1, log1p

from derivations.core import DIGITS, Derivation
from derivations.symbols import symbol

x, y, a, e = (symbol(name) for name in ("elapsed", "scaled_clock", "initial_excess", "excess"))
p = symbol("exponent")
T_0, theta, t_0 = symbol("initial_temperature"), symbol("threshold"), symbol("decay_time")
sqrt, exp, log = sp.sqrt, sp.exp, sp.log


@dataclass(frozen=True)
class Forms:
    """A schedule in units of its own time: its definition, and forms that the package computes with.

    Args:
        name: First word of the generated functions: the schedule's class in lower case with underscores.
        title: Name of the schedule on the page.
        temperature: The definition, T after x, in x, T_0 and parameters without a unit.
        excess: T - 1 after x, by a form that is accurate where T is close to 1.
        end: x at which T is 1 for good; None if it never is.
        clock: Integral of beta up to x; None, like those that follow, where there is no closed form.
        elapsed: x at which the clock shows y.
        excess_at_clock: T - 1 when the clock shows y.
        time_above: x at which T - 1 = e.
        clock_above: Clock at which T - 1 = e.
    """

    name: str
    title: str
    temperature: Any
    excess: Any
    end: Any = None
    clock: Any = None
    elapsed: Any = None
    excess_at_clock: Any = None
    time_above: Any = None
    clock_above: Any = None

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """Parameters besides the initial temperature and the unit of time."""
        return tuple(sorted(self.temperature.free_symbols - {x, T_0}, key=str))


CONSTANT = Forms("constant", "Constant", temperature=T_0, excess=a)
HOLD = Forms(
    "hold", "Hold", temperature=T_0, excess=a, end=sp.Integer(1), clock=x / (1 + a), elapsed=(1 + a) * y,
    excess_at_clock=a, time_above=sp.Integer(1), clock_above=1 / (1 + a),
)  # fmt: skip
EXPONENTIAL = Forms(
    "exponential",
    "Exponential",
    temperature=1 + (T_0 - 1) * exp(-x),
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
    temperature=T_0 * exp(-x),
    excess=(a - expm1(x)) * exp(-x),
    end=log1p(a),
    clock=expm1(x) / (1 + a),
    elapsed=log1p((1 + a) * y),
    excess_at_clock=(a - (1 + a) * y) / (1 + (1 + a) * y),
    time_above=log1p((a - e) / (1 + e)),
    clock_above=(a - e) / ((1 + a) * (1 + e)),
)
LINEAR = Forms(
    "linear",
    "Linear in the temperature",
    temperature=T_0 + (1 - T_0) * x,
    excess=a * (1 - x),
    end=sp.Integer(1),
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
    temperature=1 / (1 / T_0 + (1 - 1 / T_0) * x),
    excess=a * (1 - x) / (1 + a * x),
    end=sp.Integer(1),
    clock=(x + a * x**2 / 2) / (1 + a),
    elapsed=2 * (1 + a) * y / (1 + _ROOT),
    excess_at_clock=a * (2 + a - 2 * (1 + a) * y) / (_ROOT * (1 + a + _ROOT)),
    time_above=(a - e) / (a * (1 + e)),
    clock_above=(a - e) * (2 + a + e) / (2 * a * (1 + a) * (1 + e) ** 2),
)
POWER = Forms(
    "power",
    "Power law",
    temperature=1 + (T_0 - 1) * (1 + x) ** -p,
    excess=a * exp(-p * log1p(x)),
    time_above=expm1(log1p((a - e) / e) / p),
)
SCHEDULES = (CONSTANT, HOLD, EXPONENTIAL, EXPONENTIAL_TO_ONE, LINEAR, LINEAR_BETA, POWER)
"""Every schedule of the package that has a formula."""


@cache
def derive() -> Derivation:
    """Prove every closed form from the temperature alone."""
    d = Derivation("schedules", source="theory section 8", title="Annealing schedules")
    d.say(
        """Times are in units of the schedule's own time ($x = t/t_0$), the clock $\\int_0^t \\beta\\,dt'$ likewise
        ($y$), and temperatures are counted from 1: $T = 1 + e$, $T_0 = 1 + e_0$, so that nothing cancels near
        $T = 1$. All forms are stated with $\\mathrm{log1p}(u) = \\log(1+u)$ and $\\mathrm{expm1}(u) = e^u - 1$
        and proved: the derivative of the clock is $1/T$ and it starts at 0, the derivative of its inverse
        is $T$, and so on. A schedule with an end has $T = 1$ from then on, and its clock is the time."""
    )
    for forms in SCHEDULES:
        _defined(d, forms)
        _outputs(d, forms)
    _late_forms(d)
    _hot_clock(d)
    _power(d)
    return d


def _defined(d: Derivation, forms: Forms) -> None:
    """Prove the forms of a schedule from its temperature."""
    title = forms.title
    d.step(f"{title}: definition", forms.temperature, "T(x)")
    excess = plain(forms.excess)
    d.check(f"{title}: temperature above 1", forms.temperature.subs(T_0, 1 + a) - 1, excess, shown="T - 1")
    if forms.end is not None and forms.excess.has(x):
        d.check(f"{title}: the end", excess.subs(x, plain(forms.end)), sp.Integer(0), shown="e(x_1)")
    if forms.clock is not None:
        _clock(d, f"{title}: clock", plain(forms.clock), 1 / (1 + excess))
    if forms.elapsed is not None:
        _along_the_clock(d, forms)
    if forms.time_above is not None and forms.excess.has(x):
        _crossed(d, f"{title}: when a temperature is crossed", forms.excess, forms.time_above)
    if forms.clock_above is not None:
        _until(d, forms)


def _along_the_clock(d: Derivation, forms: Forms) -> None:
    """The inverse of the clock, and the temperature along it."""
    title, elapsed, at_clock = forms.title, plain(forms.elapsed), plain(forms.excess_at_clock)
    d.check(f"{title}: the temperature along the clock", plain(forms.excess.subs(x, elapsed)), at_clock, shown="T - 1")
    d.check(f"{title}: the inverse runs at the rate T", sp.diff(elapsed, y), 1 + at_clock, shown="dx/dy")
    d.check(f"{title}: the inverse starts at 0", elapsed.subs(y, 0), sp.Integer(0), shown="x(0)")


def _crossed(d: Derivation, title: str, excess: Any, reached: Any) -> None:
    """T - 1 at the time at which it is e."""
    positive = {one: sp.Symbol(str(one), positive=True) for one in (a, e)}
    crossed = plain(excess.subs(x, plain(reached)))
    if crossed.has(p):  # powers combine for positive letters alone
        crossed = sp.powsimp(sp.expand_log(crossed.subs(positive)))
        d.check(title, crossed, e.subs(positive), shown="e(x(e))")
    else:
        d.check(title, crossed, e, shown="e(x(e))")


def _until(d: Derivation, forms: Forms) -> None:
    """The clock above a temperature: what the clock shows when the temperature is crossed."""
    title, above, reached = forms.title, plain(forms.clock_above), plain(forms.time_above)
    if not forms.excess.has(x):  # crossed by a jump
        d.check(f"{title}: the clock above a temperature", plain(forms.clock).subs(x, reached), above, shown="y(x(e))")
        return
    d.check(f"{title}: the clock above a temperature", sp.diff(above, e), sp.diff(reached, e) / (1 + e), shown="dy/de")
    d.check(f"{title}: it starts at the initial temperature", above.subs(e, a), sp.Integer(0), shown="y(e_0)")


def _outputs(d: Derivation, forms: Forms) -> None:
    for quantity, lhs, returns, variables in (
        ("excess", "T - 1", "T - 1 at the elapsed time", (x,)),
        ("end", "x_1", "elapsed time from which T = 1", ()),
        ("clock", "y", "integral of beta up to the elapsed time", (x,)),
        ("elapsed", "x", "elapsed time when the clock shows y", (y,)),
        ("excess_at_clock", "T - 1", "T - 1 when the clock shows y", (y,)),
        ("time_above", "x", "time during which T - 1 > e", (e,)),
        ("clock_above", "y", "clock during which T - 1 > e", (e,)),
    ):
        value = getattr(forms, quantity)
        if value is not None:
            d.output(f"{forms.name}_{quantity}", value, lhs, returns, (*variables, a, *forms.parameters))


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
    late, early = plain(late), plain(early)
    d.check(title, [sp.diff(late, variable), late.subs(variable, start)], [sp.diff(early, variable), sp.Integer(0)],
            shown=["derivative", "at the start"])  # fmt: skip


def _hot_clock(d: Derivation) -> None:
    """The hot clock of slow annealing in the letters of theory section 6."""
    hot = t_0 * log((1 - 1 / T_0) / (1 - 1 / theta))
    time = t_0 * log((T_0 - 1) / (theta - 1))
    sides = [r"\int_{T>\theta}\beta\,dt", r"\int_{T>\theta}dt"]
    d.step("Exponential: clock and time above a temperature", [hot, time], sides)
    back = {T_0: 1 + a, theta: 1 + e}
    for title, value, form in (
        ("Exponential: the hot clock, tempered target", hot, EXPONENTIAL.clock_above),
        ("Exponential: the hot clock, free energy", time, EXPONENTIAL.time_above),
    ):
        d.check(title, exp(value.subs(back) / t_0), exp(plain(form)), shown=r"e^{y}")


def _power(d: Derivation) -> None:
    """The power law's clock is hypergeometric."""
    late = expm1((log(a) - log(e)) / p)
    _crossed(d, "Power law: when a low temperature is crossed", POWER.excess, late)
    root = sqrt(a)
    elementary = {1: x - a * log(1 + x / (1 + a)), 2: x - root * (sp.atan((1 + x) / root) - sp.atan(1 / root))}
    for power, clock in elementary.items():
        rate = plain(1 / (1 + POWER.excess)).subs(p, power)
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


def plain(value: Any) -> Any:
    """The same with log1p and expm1 written out, so that SymPy can simplify."""
    value = sp.sympify(value)
    return value.replace(log1p, lambda u: log(1 + u)).replace(expm1, lambda u: exp(u) - 1)
