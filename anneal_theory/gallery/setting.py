"""What a figure is drawn for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from anneal_theory._types import Constraint, Exactable
from anneal_theory.exact import show
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.quantities import QUANTITIES

PAPER: dict[str, Any] = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
"""The dynamics that figures of means on the sphere are of: the paper's."""


@dataclass(frozen=True, kw_only=True)
class FigureSetting:
    """What a figure is drawn for; each figure takes some of these, and has its own values where lists are None.

    Args:
        separation: R > 0, in standard deviations of a mode.
        weight: w* in (0, 1).
        dim: d >= 2.
        constraint: "free" for free means under the tempered target, "sphere" for the paper's setting (free energy,
            variance trained).
        initial_temperatures: Rising values of T0 >= 1.
        decay_times: Of free means: rising decay times t0 > 0 of `Exponential`, in gradient-flow time.
        durations: Of means on the sphere: rising times t0 > 0 at which `ExponentialToOne` reaches T = 1.

    Raises:
        DomainError: a value is outside its domain, or a list does not rise.

    Example:
        >>> setting = FigureSetting(separation="5/2", constraint="sphere")
        >>> setting.target, setting.init
        (BimodalTarget(separation=2.5, weight=0.8), SphereInit(dim=128))
    """

    separation: Exactable = 3
    weight: Exactable = "0.8"
    dim: int = 128
    constraint: Constraint = "free"
    initial_temperatures: Sequence[Exactable] | None = None
    decay_times: Sequence[Exactable] | None = None
    durations: Sequence[Exactable] | None = None

    def __post_init__(self) -> None:
        """Refuse what no figure can be drawn for."""
        _ = self.target, self.init, self.dynamics
        for name in ("initial_temperature", "decay_time", "duration"):
            values = getattr(self, f"{name}s")
            if values is not None:
                axis = QUANTITIES[f"{name}_axis"]
                axis.domain.check(values, f"{name}s", axis.advice)

    @cached_property
    def target(self) -> BimodalTarget:
        """The target."""
        return BimodalTarget(self.separation, self.weight)

    @property
    def on_sphere(self) -> bool:
        """Whether the means are held on the sphere."""
        return self.constraint == "sphere"

    @property
    def dynamics(self) -> Dynamics:
        """The rules of training."""
        return Dynamics(**self.rules)

    @property
    def rules(self) -> dict[str, Any]:
        """The same as keywords of the package's functions."""
        return PAPER if self.on_sphere else {"constraint": self.constraint}

    @property
    def init(self) -> GaussianInit | SphereInit:
        """The law of the initial means."""
        return SphereInit(self.dim) if self.on_sphere else GaussianInit(self.dim)

    @property
    def told(self) -> str:
        """The target in letters."""
        return rf"$R = {show(self.target.exact_separation)}$, $w^\star = {show(self.target.exact_weight)}$"


FREE, SPHERE = "Free means, tempered target", "Means on the sphere, variance trained, free energy"
"""What a figure says of its model."""
