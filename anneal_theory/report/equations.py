"""The derived equations as sections of a page, each with its letters."""

from functools import cache

from anneal_theory.formulas.equations import EQUATIONS, LETTERS
from anneal_theory.quantities.typeset import in_html
from anneal_theory.report.formulas import formula
from anneal_theory.schedules import Schedule, schedule_of

_OPEN = {"mean_gradient", "alignment_rate", "exponential_excess"}  # one equation of each derivation shown unfolded


def derivation_sections(schedule: Schedule, only: tuple[str, ...] = ()) -> list[dict[str, object]]:
    """Each derivation (`only` of some equations) with equations and letters as pictures, for the schedule in use."""
    shown = []
    for title, named in EQUATIONS:
        kept = dict(named)
        if only and not kept.keys() & set(only):
            continue
        if "exponential_excess" in kept:  # the page of the schedules
            kept = {name: rows for name, rows in kept.items() if schedule_of(name) == type(schedule).__name__}
        if not kept:
            continue
        letters = [(letter, meaning) for letter, meaning, names in LETTERS[title] if kept.keys() & set(names)]
        equations = [
            {"title": name.replace("_", " "), "rows": [{"latex": row, "svg": formula(row)} for row in rows]}
            for name, rows in kept.items()
        ]
        meanings = [
            {"latex": letter, "svg": _drawn(letter), "meaning": in_html(meaning)} for letter, meaning in letters
        ]
        is_open = bool(_OPEN & kept.keys())
        shown.append({"title": in_html(title), "equations": equations, "letters": meanings, "open": is_open})
    return shown


@cache
def _drawn(letter: str) -> str:
    """A letter as a picture; most stand in several sections."""
    return formula(letter)
