"""What a cell is of: target, schedule, start and the rules of training, and the same with other values of some."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from anneal_theory.exact import exact, show
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.schedules import Schedule

OF_TARGET = ("separation", "weight")
OF_INIT = ("dim", "variance")
OF_DYNAMICS = ("family_weight",)


@dataclass(frozen=True)
class Problem:
    """What a probability is of: the objects, and the rules of training as keywords."""

    target: BimodalTarget
    schedule: Schedule
    init: GaussianInit | SphereInit
    dynamics: Mapping[str, Any]

    @property
    def rules(self) -> Dynamics:
        """The rules as an object."""
        return Dynamics(**self.dynamics)

    def but(self, changes: Mapping[str, object]) -> "Problem":
        """The same with other values of some parameters."""
        rules = {name: changes[name] for name in OF_DYNAMICS if name in changes}
        own = {name: value for name, value in changes.items() if name not in OF_DYNAMICS}
        schedule = {name: value for name, value in own.items() if name not in (*OF_TARGET, *OF_INIT)}
        return Problem(
            changed_target(self.target, own), changed_schedule(self.schedule, schedule), changed_init(self.init, own),
            {**self.dynamics, **rules},
        )  # fmt: skip

    @property
    def parameters(self) -> dict[str, str]:
        """Every parameter as text."""
        init, rules = self.init, self.rules
        named = {"separation": show(self.target.exact_separation), "weight": show(self.target.exact_weight)}
        named |= {"schedule": type(self.schedule).__name__}
        named |= {name: _text(value) for name, value in self.schedule.parameters.items()}
        named |= {"init": type(init).__name__, "dim": str(init.dim)}
        if isinstance(init, GaussianInit):
            named["variance"] = "1/dim" if has_usual_variance(init) else show(init.exact_variance)
        named |= {"objective": rules.objective, "metric": rules.metric, "constraint": rules.constraint}
        return named | {"family_weight": show(rules.exact_family_weight), "variance_rule": rules.variance}


def changed_target(target: BimodalTarget, changes: Mapping[str, object]) -> BimodalTarget:
    """The target with other values of its parameters, of those that are among the changes."""
    own = {name: changes[name] for name in OF_TARGET if name in changes}
    return BimodalTarget(**{name: getattr(target, f"exact_{name}") for name in OF_TARGET} | own)


def changed_schedule(schedule: Schedule, changes: Mapping[str, object]) -> Schedule:
    """The schedule with other values of these parameters."""
    return type(schedule)(**schedule.parameters | dict(changes)) if changes else schedule


def changed_init(init: GaussianInit | SphereInit, changes: Mapping[str, Any]) -> GaussianInit | SphereInit:
    """The law of the start with other values; a usual variance 1/dim stays so in every dimension."""
    dim = changes.get("dim", init.dim)
    if isinstance(init, SphereInit):
        return SphereInit(dim)
    return GaussianInit(dim, changes.get("variance", None if has_usual_variance(init) else init.exact_variance))


def has_usual_variance(init: GaussianInit) -> bool:
    """Whether it is 1/dim."""
    return init.exact_variance * init.dim == 1


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_text, value))
    return show(value) if isinstance(value, Fraction) else str(value)


def texts(values: Sequence[object]) -> list[str]:
    """Values as exact texts."""
    return [show(exact(value)) for value in values]
