"""What every command does with its result: text or JSON, to the standard output or a file; progress on a terminal."""

import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console

from anneal_theory import __version__
from anneal_theory.cli.options import OutputGroup
from anneal_theory.extras import require
from anneal_theory.storage import atomic_write, require_writable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from anneal_theory.results import Estimate


def emit(output: OutputGroup, command: str, settings: Mapping[str, object], result: object, text: str) -> None:
    """Write the result as the options ask."""
    write(output.out, as_json(command, settings, result) if output.json else text)


def show_estimate(
    output: OutputGroup, command: str, name: str, estimate: "Estimate", settings: Mapping[str, object],
    besides: Mapping[str, object] | None = None, remarks: Sequence[str] = (),
) -> None:  # fmt: skip
    """Write an estimate as the options ask; `besides` joins the JSON, `remarks` say the same for readers."""
    result = estimate.to_dict() | dict(besides or {})
    parts = result.pop("parts", {})
    if parts:  # a formula's threshold is also written by the letter's name
        result |= {"rho": result["value"], "log_rho": result["log_value"]} | parts
    lines = [*_number_lines(estimate, name), *remarks, *(f"  {key}: {value}" for key, value in settings.items())]
    emit(output, command, settings, result, "\n".join(lines))


# How the parts of a formula, and other constants, are written for readers.
LETTERS = {
    "overlap": "s*",
    "escape_rate": "kappa*",
    "central_rate": "kappa_0",
    "central_label": "psi(0)",
    "critical_temperature": "T_c",
    "critical_separation": "R_c",
    "antipodal_alpha": "alpha",
    "antipodal_temperature": "T_a",
    "growth_of_cosine": "growth rate of x",
    "growth_of_sum": "growth rate of m1 + m2",
    "transient_gain": "C(s0)",
    "gain": "C(s0)",
    "log_gain": "log C(s0)",
    "log_prefactor": "log A",
    "ramp_rate": "r",
    "hot_separation": "D",
    "hot_clock": "tau_hot",
    "log_threshold": "log rho_c",
    "threshold": "rho_c",
    "probability": "P",
    "log_probability": "log P",
    "log_complement": "log(1 - P)",
    "log_cosine": "log x_c",
    "clock": "clock at the end of the passage",
    "log_growth": "growth of log x",
    "size": "largest x^2 on the way, at the threshold",
    "temperature": "temperature where x is largest",
    "push": "2 g over the growth rate there",
    "rapidity": "artanh of minus the pair's cosine",
    "numerical_error": "error of log x_c by its numerics",
}


_FORMULAS = (
    "slow-annealing",
    "leading-order",
    "sharp",
    "closed-form",
)  # their digits are those of the formula, whatever its error


def _number_lines(estimate: "Estimate", name: str) -> list[str]:
    """The number with its error, its logarithms where they say more, its parts, and the note."""
    logarithms = [("log {}", estimate.log_value, estimate.log_error)]
    if estimate.log_complement is not None:
        logarithms.append(("log(1 - {})", estimate.log_complement, estimate.log_complement_error))
    if estimate.digits is None and estimate.method not in _FORMULAS:
        exact = estimate.error == 0 or not math.isfinite(estimate.value)
        digits = 10 if exact else _digits(estimate.value, estimate.error)
        lines = [f"{name} = {estimate.value:#.{digits}g} +- {estimate.error:.1g}  ({estimate.method})"]
        telling = estimate.value < 1e-3, estimate.value > 0.999
        pairs = zip(logarithms, telling, strict=False)
        lines += [
            f"{form.format(name)} = {_with_error(value, error)}" for (form, value, error), tells in pairs if tells
        ]
        return [*lines, *filter(None, [estimate.note])]
    short = name.partition("(")[0]
    rows = [(name, estimate.value, estimate.error), *((form.format(short), *rest) for form, *rest in logarithms)]
    lines = [f"{key} = {spell_number(value, estimate.digits)}" for key, value, _ in rows]
    if math.isfinite(estimate.error):
        lines.append("error: " + ", ".join(f"{float(error):.2g} in {key}" for key, _, error in rows))
    lines += [f"{LETTERS[key]} = {spell_number(value, estimate.digits)}" for key, value in estimate.parts.items()]
    return [*lines, *filter(None, [estimate.note])]


def as_json(command: str, settings: Mapping[str, object], result: object) -> str:
    """One JSON document of ASCII letters, which every stream takes: command, version, settings, result."""
    from anneal_theory.results import plain

    spelled = {name: _plain_setting(value) for name, value in settings.items()}
    document = {"command": command, "version": __version__, "settings": plain(spelled), "result": plain(result)}
    return json.dumps(document, indent=2, allow_nan=False)


_MODEL = {"sphere": ("constraint", "variance")}  # what the rules of free means need not say


def _plain_setting(value: object) -> Any:
    names = ("separation", "weight"), ("dim", "variance"), ("objective", "metric", "family_weight")
    for group in names:
        if hasattr(value, group[0]):
            present = [
                name for name in (*group, *_MODEL.get(getattr(value, "constraint", ""), ())) if hasattr(value, name)
            ]
            return {name: getattr(value, f"exact_{name}", getattr(value, name)) for name in present}
    return value.to_dict() if hasattr(value, "to_dict") else value


def write(out: str | None, text: str) -> None:
    """Write text and a line end to a file, or to the standard output."""
    if out is None:
        sys.stdout.write(text + "\n")
    else:
        atomic_write(out, (text + "\n").encode())


def drawing(
    path: str | None, argument: str = "figure", command: str = "", moving: bool = False
) -> "Callable[[Figure], None] | None":
    """A function that writes a figure into the file; None where there is none.

    `argument` is the option that gave the path, `command` what the file says it was made by; `moving` says that the
    figure can move, for the list of formats in the refusal.
    """
    if path is None:
        return None
    if not path.endswith((".svg", ".png", ".pdf")):
        from anneal_theory.errors import DomainError

        endings = ".svg, .png, .pdf or .gif" if moving else ".svg, .png or .pdf"
        raise DomainError.of(argument, f"a file name that ends in {endings}", path, "use curves.svg")
    require_writable(path, argument)
    require("matplotlib")
    from anneal_theory.plots import picture

    return lambda figure: atomic_write(path, picture(figure, path[-3:], command))


@contextmanager
def busy(what: str) -> Iterator[None]:
    """A spinner on the standard error while something runs; nothing where that is not a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(what):
        yield


def spell_number(value: object, digits: int | None = None) -> str:
    """A number as text: a double with 12 digits, an mpf with its digits, a ball as "midpoint +/- radius".

    The radius of a ball is rounded up and covers the rounding of the printed midpoint.

    Example:
        >>> spell_number(0.1), spell_number(1 / 3, 5), spell_number("none")
        ('0.1', '0.33333', 'none')
    """
    if not hasattr(value, "_mpf_"):
        return f"{value:.{digits or 12}g}" if isinstance(value, float) else str(value)
    import mpmath

    return str(mpmath.nstr(value, digits or 15, strip_zeros=False))


def _with_error(log_value: float, error: float) -> str:
    return f"{log_value:.10g}" if error == 0 else f"{log_value:.10g} +- {error:.1g}"


def _digits(value: float, error: float) -> int:
    """Significant digits of a value down to the first digit of its error, at most ten."""
    return min(10, max(1, math.floor(math.log10(abs(value) or error)) - math.floor(math.log10(error)) + 1))
