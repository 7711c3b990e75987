"""The derived equations as sections of a page, each with the letters that stand in it for the first time."""

import re
from collections.abc import Iterable

from anneal_theory.formulas.equations import EQUATIONS
from anneal_theory.quantities import QUANTITIES
from anneal_theory.report.formulas import formula
from anneal_theory.schedules import Schedule, schedule_of

# Equations that only the generated code needs: Jacobians, and the bounds and remainders of series.
_INTERNAL = re.compile(r"_(jacobian|tails|remainder|late)$")
_OPEN = {"mean_gradient", "alignment_rate", "exponential_excess"}  # one equation of each derivation shown unfolded
# Letters that mean one thing on all pages; others are introduced where a page needs them.
_LETTERS = (
    "m1", "m2", "s11", "s12", "s22", "s", "separation", "weight", "dim", "half_log_odds", "psi_1", "psi_2", "phi_1",
    "phi_2", "information", "overlap", "distance", "temperature", "beta", "initial_temperature", "decay_time",
    "variance", "attraction", "repulsion", "mobility_1", "mobility_2", "family_weight", "component_weight", "delta",
    "rho", "log_distance", "slope", "clock", "initial_excess", "escape_rate", "gain_exponent", "hot_clock",
    "hot_separation",
)  # fmt: skip
_OF_SCHEDULES = "elapsed", "scaled_clock"  # x and y, which are other things on other pages
_BOUNDS = {"appell_lerch", "phi_fourier"}  # pages of series, whose letters are their own and stand in their text


def derivation_sections(schedule: Schedule) -> list[dict[str, object]]:
    """Each derivation with its equations as pictures; of the schedules, those of the one in use."""
    shown = []
    told: set[str] = set()
    for title, named in EQUATIONS:
        own = any(name.startswith("exponential_excess") for name, _ in named)
        kept = [(name, rows) for name, rows in named if not _INTERNAL.search(name)]
        if own:  # the page of the schedules
            kept = [(name, rows) for name, rows in kept if schedule_of(name) == type(schedule).__name__]
        if not kept:
            continue
        known = () if _BOUNDS & dict(named).keys() else (*_LETTERS, *(_OF_SCHEDULES if own else ()))
        letters = letters_in((row for _, rows in kept for row in rows), known)
        new = [name for name in letters if QUANTITIES[name].latex not in told]
        told |= {QUANTITIES[name].latex for name in new}
        equations = [
            {"title": name.replace("_", " "), "rows": [{"latex": row, "svg": formula(row)} for row in rows]}
            for name, rows in kept
        ]
        is_open = bool(_OPEN & dict(named).keys())
        shown.append({"title": title, "equations": equations, "letters": _meanings(new), "open": is_open})
    return shown


def letters_in(rows: Iterable[str], names: Iterable[str] = _LETTERS) -> list[str]:
    """Names of the quantities whose letter stands in some of the rows, each letter once.

    Args:
        rows: LaTeX.
        names: Of the quantities that are looked for.

    Example:
        >>> letters_in([r"\\dot m_1 = R^{2} \\psi(m_1)"])
        ['m1', 'separation', 'psi_1']
    """
    text = " ".join(rows)
    found: dict[str, str] = {}
    for name in names:
        latex = QUANTITIES[name].latex
        # a whole letter: no part of a command, of a word, or of a letter with a subscript
        if re.search(rf"(?<![A-Za-z\\{{_]){re.escape(latex)}(?![A-Za-z_])", text):
            found.setdefault(latex, name)
    return list(found.values())


def _meanings(names: Iterable[str]) -> list[dict[str, str]]:
    return [
        {"svg": formula(QUANTITIES[name].latex), "latex": QUANTITIES[name].latex, "meaning": QUANTITIES[name].meaning}
        for name in names
    ]
