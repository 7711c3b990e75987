"""`anneal-theory constants`: the constants of a target."""

from anneal_theory.cli.options import OUTPUT, TARGET, OutputOptions, TargetOptions
from anneal_theory.cli.output import busy, emit


def constants(*, target: TargetOptions = TARGET, output: OutputOptions = OUTPUT) -> None:
    """The constants of a target: attractors, collapsed state, escape rate."""
    density = target.build()
    with busy("constants"):
        from anneal_theory.states import collapsed_state

        state = collapsed_state(density)
    result = {"overlap": state.overlap, "escape_rate": state.escape_rate}
    text = f"s* = {state.overlap:.12g}\nkappa* = {state.escape_rate:.12g}\n  target: {density}"
    emit(output, "constants", {"target": density}, result, text)
