"""How results look: a line or two in a session, and a table in a notebook."""

import html
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from anneal_theory.numerals import is_mpf, mpf_text

_DIGITS = 6  # of a double
_LONG = 40  # characters of a number, beyond which a line has its beginning alone


class Shown:
    """A result with a few rows for readers: they print it in a line, and a notebook shows them as a table."""

    __slots__ = ()

    def told(self) -> Mapping[str, object]:
        """Its rows by name, the most important first."""
        raise NotImplementedError(f"{type(self).__name__} has no rows")

    def __repr__(self) -> str:
        fields = "; ".join(f"{name} {in_words(value)}" for name, value in self.told().items())
        return f"{type(self).__name__}({fields})"

    def _repr_html_(self) -> str:
        """The rows as a table, for notebooks."""
        return table({name: in_words(value, whole=True) for name, value in self.told().items()})


def table(rows: Mapping[str, str]) -> str:
    """Rows of a name and a text as HTML."""
    cells = (f"<tr><th>{html.escape(name)}</th><td>{html.escape(text)}</td></tr>" for name, text in rows.items())
    return f"<table>{''.join(cells)}</table>"


def in_words(value: object, whole: bool = False) -> str:
    """A value in a few characters: doubles to six digits, long numbers by their beginning."""
    if value is None:
        return "none"
    if isinstance(value, float | np.floating):
        return f"{float(value):.{_DIGITS}g}"
    if isinstance(value, np.ndarray):
        return f"array of shape {value.shape}"
    text = mpf_text(value) if is_mpf(value) else str(value)
    return text if whole or len(text) <= _LONG or not _is_number(value) else f"{text[:_LONG]}…"


def with_error(value: Any, error: Any) -> str:
    """A number and its error, with the digits that the error leaves of a double."""
    if not isinstance(value, float):
        return in_words(value)
    finite = 0 < error < math.inf and 0 < abs(value) < math.inf
    digits = min(max(math.ceil(math.log10(abs(value) / float(error))) + 1, 2), 17) if finite else _DIGITS
    return f"{value:.{digits}g}" + (f" ± {float(error):.1g}" if error > 0 and math.isfinite(error) else "")


def _is_number(value: object) -> bool:
    return is_mpf(value) or hasattr(value, "midpoint")
