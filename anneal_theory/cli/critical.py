"""`anneal-theory critical`: where the collapsed state ends."""

from anneal_theory.cli.options import OUTPUT, PRECISION, TARGET, OutputGroup, PrecisionGroup, TargetGroup
from anneal_theory.cli.output import LETTERS, busy, emit, spell_number


def critical(
    *, target: TargetGroup = TARGET, precision: PrecisionGroup = PRECISION, output: OutputGroup = OUTPUT
) -> None:
    """Critical temperature and critical separation of the collapsed state."""
    density, how = target.build(), precision.keywords
    with busy("critical temperature"):
        from anneal_theory.fixed_points import critical_separation, critical_temperature

        values = {
            "critical_temperature": critical_temperature(density, **how),
            "critical_separation": critical_separation(density.exact_weight, **how),
        }
    digits = how.get("digits", None if how else 10)
    lines = [f"{LETTERS[name]} = {spell_number(value, digits)}" for name, value in values.items()]
    emit(output, "critical", {"target": density} | how, values, "\n".join([*lines, f"  target: {density}"]))
