"""`anneal-theory constants`: the constants of a target."""

from typing import Annotated

from anneal_theory.cli.options import OUTPUT, TARGET, OutputOptions, TargetOptions, letter
from anneal_theory.cli.output import busy, emit


def constants(
    *,
    target: TargetOptions = TARGET,
    temperature: Annotated[str, letter("temperature", "for the attractors")] = "1",
    output: OutputOptions = OUTPUT,
) -> None:
    """The constants of a target: attractors, collapsed state, escape rate."""
    from anneal_theory.exact import exact

    density, heat = target.build(), float(exact(temperature, "temperature"))
    with busy("constants"):
        from anneal_theory.states import attractors, collapsed_state

        points = attractors(density, temperature=heat)
        state = collapsed_state(density)
    result = {
        "overlap": state.overlap,
        "escape_rate": state.escape_rate,
        "attractors": [vars(point) for point in points],
    }
    lines = [f"s* = {state.overlap:.12g}", f"kappa* = {state.escape_rate:.12g}", f"attractors at T = {heat:g}:"]
    for point in points:
        kind = "collapsed" if point.collapsed else "split"
        lines.append(f"  m1 = {point.m1:.9g}, m2 = {point.m2:.9g}, KL = {point.loss:.9g} ({kind})")
    emit(output, "constants", {"target": density}, result, "\n".join([*lines, f"  target: {density}"]))
