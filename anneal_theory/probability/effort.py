"""How long computations of a probability are worked at."""

from dataclasses import dataclass, fields
from pathlib import Path

from anneal_theory.problem import Dynamics, ModelOptions
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.keywords import keywords_of


@checked
@dataclass(frozen=True)
class Effort:
    """How the digits of a probability are worked at; the arguments are those of `collapse_probability`.

    Args:
        progress: Whether the cost and a bar are written to the standard error.
        checkpoint: A file that keeps the thresholds found, to go on from after an interruption.
        processes: How many work at once. More than one are spawned: a script then needs ``if __name__ == "__main__"``.
        allow_slow: Whether more than an hour ("exact", "large-dim") or two minutes ("slow-annealing") is fine.

    Raises:
        DomainError: an argument is outside its domain.
    """

    progress: bool = False
    checkpoint: str | Path | None = None
    processes: int = 1
    allow_slow: bool = False

    @property
    def asked_for(self) -> dict[str, object]:
        """What is not at its default."""
        return {
            option.name: value for option in fields(self) if (value := getattr(self, option.name)) != option.default
        }


@keywords_of(Dynamics, Effort)
class EffortOptions(ModelOptions, total=False):
    """The arguments of `Dynamics` and of `Effort` as the keywords of a function."""

    progress: bool
    checkpoint: str | Path | None
    processes: int
    allow_slow: bool
