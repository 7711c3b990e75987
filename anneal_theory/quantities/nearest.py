"""The name that somebody meant who typed another one: for words, arguments, options and commands alike."""

import difflib
from collections.abc import Iterable, Mapping
from types import MappingProxyType

_LONGEST = 99  # of what is compared; longer texts are no mistyped names
_LIKE = 0.6  # share of letters in common, as difflib counts them
_START = 3  # letters from which a name may be recognised by its beginning
_LETTERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "R": ("separation",), "w": ("weight",), "w*": ("weight",), "d": ("dim",), "T": ("temperature",),
        "T0": ("initial-temperature",), "t0": ("decay-time", "duration"), "v": ("variance",), "P": ("max-probability",),
    }
)  # fmt: skip
"""The letters of the theory, capitals and all, with the names that they have here."""
_OTHERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "dimension": ("dim",), "ndim": ("dim",), "sphere": ("constraint",), "loss": ("objective",),
        "learning-rate": ("step-size",), "lr": ("step-size",), "eta": ("step-size",), "runs": ("replicas",),
        "iterations": ("steps", "end-time"), "epochs": ("steps", "end-time"), "samples": ("batch-size", "replicas"),
        "tolerance": ("relative-error",), "tol": ("relative-error",), "rtol": ("relative-error",),
        "precision": ("digits",), "threads": ("workers", "processes"), "cores": ("workers", "processes"),
        "jobs": ("workers", "processes"), "output": ("out",), "file": ("out",), "beta": ("temperature",),
        "resume": ("checkpoint",),
    }
)  # fmt: skip
"""What other programs call an argument, with the names that it has here."""


def nearest(typed: object, choices: Iterable[str]) -> str | None:
    """The name that is meant: the same, another word for it, one that begins with it, the most alike, or one with it.

    Args:
        typed: What was typed; other things than texts are like no name.
        choices: The names there are, those that are meant most often first. Capitals and the dashes of options do not
            count, but for letters of the theory: T0 is a temperature, t0 a time.

    Returns:
        The name as it is known; None where none is like it.

    Example:
        >>> nearest("exakt", ["exact", "large-dim"]), nearest("prob", ["map", "probability"])
        ('exact', 'probability')
        >>> nearest("--sep", ["--steps", "--separation"]), nearest("--dimension", ["--duration", "--dim"])
        ('--separation', '--dim')
        >>> nearest("--frm", ["--dim"]), nearest("--Wieght", ["--width", "--weight"])
        (None, '--weight')
    """
    if not isinstance(typed, str) or len(typed) > _LONGEST:
        return None
    names = {_bare(name): name for name in choices}
    text, letter = _bare(typed), typed.lstrip("-")
    meant = [text, *_LETTERS.get(letter, ()), *_OTHERS.get(text, ())]
    start = text if len(text) >= _START else "\n"  # with which nothing begins
    candidates = (
        [word for word in meant if word in names]
        or [name for name in names if name.startswith(start)]
        or difflib.get_close_matches(text, names, 1, _LIKE)
        or [name for name in names if f"-{start}" in name]
    )
    return names[candidates[0]] if candidates else None


def _bare(name: str) -> str:
    return name.replace("_", "-").strip("-").lower()
