"""Numbers and settings in words, as a report shows them."""

import math
from fractions import Fraction

from anneal_theory.exact import show
from anneal_theory.problem import BimodalTarget
from anneal_theory.report.story import Losses
from anneal_theory.report.study import Setting
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule

_PLAIN = 1e7  # numbers below are written without an exponent
_NEARLY = 1.02  # ratio of two losses that are told as alike
_ALMOST = 0.9995  # a probability that four digits would show as 1, or nearly


def number(value: object, digits: int = 6) -> str:
    """A number with so many digits, or the words that stand for it.

    Example:
        >>> number(0.123456789), number(1e-7, 3), number("none")
        ('0.123457', '1e-07', 'none')
        >>> number(1000.0, 3), number(1e9, 3)
        ('1000', '1e+09')
    """
    if not isinstance(value, float):
        return str(value)
    if math.isinf(value):
        return "∞"
    text = f"{value:.{digits}g}"
    return f"{float(text):.0f}" if "e" in text and 1 <= abs(value) < _PLAIN else text


def words(setting: Setting) -> dict[str, str]:
    """A setting as words for a table."""
    target, init = setting.target, setting.init
    return {
        "separation": show(target.exact_separation),
        "weight": show(target.exact_weight),
        "dim": f"{init.dim:,}".replace(",", " "),
        "variance": show(init.exact_variance),
        "schedule": told(setting.schedule),
    }


def opening(
    bare: Estimate, annealed: Estimate, target: BimodalTarget, schedule: Schedule, losses: Losses | None,
    family_weight: Fraction = Fraction(1, 2),
) -> dict[str, object]:  # fmt: skip
    """What the first lines of a report say of both probabilities and both ends, in words that fit the numbers."""
    change, weight = bare.value - annealed.value, target.exact_weight
    certain = abs(change) > bare.error + annealed.error
    even = family_weight == Fraction(1, 2)
    return {
        "bare": chance(bare),
        "annealed": chance(annealed),
        "same": schedule.settling_time(0) == 0,
        "effect": ("less often" if change > 0 else "more often") if certain else "as often",
        "better_end": None if losses is None else "collapsed" if losses.collapsed < losses.split else "split",
        "as_much": losses is not None and losses.split < _NEARLY * losses.collapsed,
        "shares": "1/2" if even else f"{show(family_weight)} and {show(1 - family_weight)}",
        "left_out": -math.log(max(weight, 1 - weight)),
        "losses": losses,
    }


def chance(one: Estimate) -> str:
    """A probability in four digits, of 1 - P where P is so close to 1 that they would all be nines.

    Example:
        >>> from anneal_theory.results import Estimate
        >>> chance(Estimate(0.25, 0, -1.386, "exact")), chance(Estimate(1.0, 0, -1e-9, "exact", log_complement=-20.7))
        ('0.25', '1 − 1e-09')
        >>> chance(Estimate(1.0, 0, 0.0, "exact", log_complement=-math.inf))
        '1'
    """
    if one.value < _ALMOST:
        return f"{one.value:.4g}"
    left = 0.0 if one.log_complement is None else math.exp(float(one.log_complement))
    return f"1 − {left:.2g}" if left > 0 else "1"


def told(schedule: Schedule) -> str:
    """A schedule in one word and its numbers."""
    if schedule.settling_time(0) == 0:  # T = 1 from the start
        return "none"
    values = schedule.to_dict()
    kind = values.pop("kind")
    return f"{kind}({', '.join(map(_short, values.values()))})"


def _short(value: object) -> str:
    """A parameter, or a list of them to four digits."""
    if isinstance(value, list):
        return f"[{', '.join(number(float(one), 4) for one in value)}]"
    return number(value)


_UNITS, _EXCESS = "units of gradient-flow time", "T\u00a0−\u00a01"
# How the temperature falls, by the class of the schedule.
_FALLS = {
    "Exponential": "falls exponentially from {first} towards 1: {excess} by a factor of e in each {decay_time} {units}",
    "ExponentialToOne": "falls exponentially from {first} and is 1 after {end_time} {units}",
    "Hold": "stays at {first} for {hold_time} {units} and then drops to 1",
    "Linear": "falls evenly from {first} to 1 within {duration} {units}",
    "LinearBeta": "falls from {first} to 1 within {duration} {units} while 1/T rises evenly",
    "Power": "falls from {first} towards 1 by a power law: {excess} as (1 + t/{decay_time})^(−{exponent})",
}


def cooling(schedule: Schedule) -> str:
    """How the temperature of a schedule falls, in words that follow "the temperature".

    Example:
        >>> from anneal_theory.schedules import Hold, Piecewise
        >>> cooling(Hold(10, 25))
        'stays at T = 10 for 25 units of gradient-flow time and then drops to 1'
        >>> cooling(Piecewise([0, 10, 20], [4, 9, 1]))
        'goes from T = 4 over at most 9 to 1'
    """
    first, highest = float(schedule.temperature(0.0)), float(schedule.highest_after(0.0))
    falls = _FALLS.get(type(schedule).__name__)
    if falls is None:
        over = "" if highest == first else f" over at most {number(highest, 4)}"
        return f"goes from T = {number(first, 4)}{over} to {number(float(schedule.final_temperature), 4)}"
    names = (name for name in ("decay_time", "end_time", "hold_time", "duration", "exponent") if f"{{{name}}}" in falls)
    values = {name: number(getattr(schedule, name), 4) for name in names}
    return falls.format(first=f"T = {number(first)}", units=_UNITS, excess=_EXCESS, **values)
