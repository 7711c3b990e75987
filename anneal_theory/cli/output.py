"""What every command does with its result: text or JSON, to the standard output or a file; progress on a terminal."""

import io
import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console

from anneal_theory import __version__
from anneal_theory.cli.options import OutputOptions
from anneal_theory.extras import require
from anneal_theory.storage import atomic_write, require_writable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from anneal_theory.results import Estimate


def emit(output: OutputOptions, command: str, settings: Mapping[str, Any], result: Any, text: str) -> None:
    """Write the result as the options ask.

    Args:
        output: The options.
        command: Name of the command, for the JSON.
        settings: What was computed, by argument name.
        result: What came out.
        text: The same for readers.
    """
    write(output.out, as_json(command, settings, result) if output.json else text)


def emit_digits(
    output: OutputOptions,
    command: str,
    settings: Mapping[str, Any],
    parts: Mapping[str, tuple[str, Any]],
    digits: int | None,
    *,
    notes: Sequence[str] = (),
    more: Mapping[str, Any] | None = None,
    result: Mapping[str, Any] | None = None,
) -> None:
    """Write numbers with their digits, one a line, then notes and settings; or all that as JSON.

    Args:
        output: The options.
        command: Name of the command, for the JSON.
        settings: What was computed, by argument name.
        parts: By key of the JSON, the name for readers and the number.
        digits: Digits of each ``mpf``; None for doubles.
        notes: Lines for readers, after the numbers.
        more: What the JSON holds beside the numbers.
        result: What it holds instead of them.
    """
    lines = [f"{name} = {spell_number(value, digits)}" for name, value in parts.values()]
    result = {key: value for key, (_, value) in parts.items()} | dict(more or {}) if result is None else result
    text = "\n".join([*lines, *notes, *(f"  {key}: {value}" for key, value in settings.items())])
    emit(output, command, settings, result, text)


def as_json(command: str, settings: Mapping[str, Any], result: Any) -> str:
    """One JSON document of ASCII letters, which every stream takes: command, version, settings, result."""
    from anneal_theory.results import plain

    spelled = {name: _plain_setting(value) for name, value in settings.items()}
    document = {"command": command, "version": __version__, "settings": plain(spelled), "result": plain(result)}
    return json.dumps(document, indent=2, allow_nan=False)


def _plain_setting(value: Any) -> Any:
    names = ("separation", "weight"), ("dim", "variance"), ("objective", "metric", "family_weight")
    for group in names:
        if hasattr(value, group[0]):
            return {name: getattr(value, f"exact_{name}", getattr(value, name)) for name in group}
    return value.to_dict() if hasattr(value, "to_dict") else value


def write(out: str | None, text: str) -> None:
    """Write text and a line end to a file, or to the standard output."""
    if out is None:
        sys.stdout.write(text + "\n")
    else:
        atomic_write(out, (text + "\n").encode())


def drawing(path: str | None) -> "Callable[[Figure], None] | None":
    """A function that writes a figure into the file; None where there is none.

    Raises:
        DomainError: matplotlib cannot write such a file, or the disk cannot.
        MissingExtra: matplotlib is not installed.
    """
    if path is None:
        return None
    if not path.endswith((".svg", ".png", ".pdf")):
        from anneal_theory.errors import DomainError

        raise DomainError.of("figure", "a file name that ends in .svg, .png or .pdf", path, "use curves.svg")
    require_writable(path, "figure")
    require("matplotlib")
    return lambda figure: atomic_write(path, _picture(figure, path[-3:]))


def _picture(figure: "Figure", form: str) -> bytes:
    """A figure as the content of a file."""
    content = io.BytesIO()
    figure.savefig(content, format=form, dpi=150)
    return content.getvalue()


@contextmanager
def busy(what: str) -> Iterator[None]:
    """A spinner on the standard error while something runs; nothing where that is not a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(what):
        yield


def spell_number(value: Any, digits: int | None = None) -> str:
    """A number as text: a double with 12 digits, an mpf with its digits, a ball as "midpoint +/- radius".

    The radius of a ball is rounded up and covers the rounding of the printed midpoint.

    Example:
        >>> spell_number(0.1), spell_number("none")
        ('0.1', 'none')
    """
    if not hasattr(value, "_mpf_"):
        return f"{value:.12g}" if isinstance(value, float) else str(value)
    import mpmath

    return str(mpmath.nstr(value, digits or 15, strip_zeros=False))


def describe(found: "Estimate", name: str, settings: Mapping[str, Any]) -> str:
    """An estimate as lines of text: the number, its logarithm where that says more, the settings."""
    digits = 10 if found.error == 0 or not math.isfinite(found.value) else _digits(found.value, found.error)
    lines = [f"{name} = {found.value:#.{digits}g} +- {found.error:.1g}  ({found.method})"]
    if found.value < 1e-3:
        lines.append(f"log {name} = {_with_error(found.log_value, found.log_error)}")
    if found.log_complement is not None and found.value > 0.999:
        lines.append(f"log(1 - {name}) = {_with_error(found.log_complement, found.log_complement_error)}")
    if found.note:
        lines.append(found.note)
    return "\n".join([*lines, *(f"  {key}: {value}" for key, value in settings.items())])


def _with_error(log_value: float, error: float) -> str:
    return f"{log_value:.10g}" if error == 0 else f"{log_value:.10g} +- {error:.1g}"


def _digits(value: float, error: float) -> int:
    """Significant digits of a value down to the first digit of its error, at most ten."""
    return min(10, max(1, math.floor(math.log10(abs(value) or error)) - math.floor(math.log10(error)) + 1))
