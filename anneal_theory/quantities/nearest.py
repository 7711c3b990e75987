"""The name that somebody meant who typed another one: for words, arguments, options and commands alike."""

import difflib
from collections.abc import Iterable

_LONGEST = 99  # of what is compared; longer texts are no mistyped names
_LIKE = 0.6  # share of letters in common, as difflib counts them
_START = 3  # letters from which a name may be recognised by its beginning


def nearest(typed: object, known: Iterable[str]) -> str | None:
    """The name that is most like what was typed, or begins with it; None where none does.

    Args:
        typed: What was typed; other things than texts are like no name.
        known: The names there are. Capitals and the dashes of options do not count.

    Example:
        >>> nearest("exakt", ["exact", "large-dim"]), nearest("prob", ["map", "probability"])
        ('exact', 'probability')
        >>> nearest("--frm", ["--dim"]), nearest("--Wieght", ["--width", "--weight"])
        (None, '--weight')
    """
    if not isinstance(typed, str) or len(typed) > _LONGEST:
        return None
    names = {_bare(name): name for name in known}
    text = _bare(typed)
    found = difflib.get_close_matches(text, names, 1, _LIKE)
    if not found and len(text) >= _START:
        found = [name for name in names if name.startswith(text)][:1]
    return names[found[0]] if found else None


def _bare(name: str) -> str:
    return name.lstrip("-").replace("_", "-").lower()
