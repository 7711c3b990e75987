"""What the search for the best temperatures found, as Markdown: `docs.studies.singular_arc` computed and stored it."""

from docs.studies.singular_arc import (
    BUDGETS,
    CHANCES,
    FEW,
    FEW_LAST,
    LEVELS,
    SEPARATIONS,
    STRETCHES,
    arc_of,
    stored,
)  # fmt: skip

_SHOWN = 600.0  # the budget whose arc is shown, every third stretch
_EVERY = 3


def _markdown(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def arc_gains() -> str:
    """Log rho_c of a pulse, a pulse of three temperatures and 40 stretches, and the time that this is worth."""
    head = ["R", "time", "pulse", "rising pulse", "40 stretches", "worth a time of", "share"]
    rows = []
    cells = [("3", budget, stored("tempered", budget)) for budget in BUDGETS]
    cells += [(separation, budget, stored("separation", separation)) for separation, (budget, _) in SEPARATIONS.items()]
    for separation, budget, row in cells:
        logs = [f"{row[name]:.4f}" for name in ("pulse", "rising", "log_rho")]
        saved = row["pulse_needs"] - float(budget)
        rows.append([separation, budget, *logs, f"{saved:.2f}", f"{100 * saved / float(budget):.2f} %"])
    best = stored("tempered", f"{_SHOWN:g}")
    (flat, only), (length, *levels) = best["pulse_shape"], best["rising_shape"]
    told = (
        f"At R = 3 and {_SHOWN:g} the pulse is {flat:.0f} long at T = {only:.1f}, the rising pulse {length:.0f} "
        f"with {', '.join(f'{one:.3g}' for one in levels)}."
    )
    return _markdown(head, rows) + f"\n\n{told}"


def arc_costs() -> str:
    """What each shape costs for a probability, its wait alone being chosen."""
    head = ["P", "pulse", "rising pulse", "40 stretches", "saved"]
    rows = []
    for asked in CHANCES:
        row = stored("cost", asked)
        costs = [row[name] for name in ("pulse", "rising", "stretches")]
        rows.append([asked, *(f"{one:.1f}" for one in costs), f"{100 * (1 - costs[2] / costs[0]):.2f} %"])
    return _markdown(head, rows)


def arc_temperatures() -> str:
    """The temperatures of the stretches that the search found, beside those of the arc in the same states."""
    row = stored("tempered", f"{_SHOWN:g}")
    hot = [one for one in row["along"] if one[1] > 1]
    shown = hot[:1] + hot[1:-1][::_EVERY] + hot[-1:]
    head = ["time before the end", *(f"{_SHOWN - one[0]:.4g}" for one in shown)]
    found = ["T found", *(f"{one[1]:.4g}" for one in shown)]
    inside = [one in hot[1:-1] for one in shown]
    arc = ["T of the arc", *(f"{one[2]:.4g}" if held else "" for one, held in zip(shown, inside, strict=True))]
    inner = arc_of(row)
    worst = max(abs(one[1] / one[2] - 1) for one in inner)
    few = stored("oracle", f"{_SHOWN:g}")
    choice = ", ".join(f"{one:g}" for one in few["choice"])
    apart = max(row["found"].values()) - min(row["found"].values())
    told = (
        f"Over {len(inner)} stretches, without three at either end, they differ by at most {100 * worst:.1f} %. Of "
        f"all choices of {len(LEVELS)} levels on {FEW} stretches of {FEW_LAST / FEW:g} the best is {choice}, with "
        f"log rho_c {few['log_rho']:.4f}; the search over these stretches ends at {few['searched']:.4f}, "
        f"over {STRETCHES} at {row['log_rho']:.4f}, from four guesses within {apart:.0e}."
    )
    return _markdown(head, [found, arc]) + f"\n\n{told}"
