"""Options that the commands share."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from anneal_theory.cli.option_fields import OptionGroup, file, flag, headed
from anneal_theory.cli.schedule_options import ScheduleGroup
from anneal_theory.storage import require_writable

if TYPE_CHECKING:
    from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit


_PICTURES = (".svg", ".png", ".pdf", ".gif", ".jpg", ".jpeg")


@headed("Target", 0, {"separation": "3", "weight": "0.8"})
class TargetGroup(OptionGroup):
    """The target density."""

    def build(self) -> "BimodalTarget":
        """The target, exact in what was typed."""
        from anneal_theory.problem import BimodalTarget

        return BimodalTarget(**self.keywords)


@headed("Start", 2, {"dim": "128", "variance": None}, notes={"variance": "1/dim unless given"})
class InitGroup(OptionGroup):
    """The law of the initial means."""

    def build(self) -> "GaussianInit":
        """The initial law."""
        from anneal_theory.problem import GaussianInit

        return GaussianInit(**self.keywords)


@headed("Dynamics", 3, {"objective": "tempered-target", "metric": "euclidean", "family_weight": "0.5"})
class DynamicsGroup(OptionGroup):
    """The loss and the metric of the gradient flow."""

    def build(self) -> "Dynamics":
        """The dynamics."""
        from anneal_theory.problem import Dynamics

        return Dynamics(**self.keywords)


@headed("Precision", 5, {"digits": None, "certified": False}, notes={"certified": "15 digits unless given"})
class PrecisionGroup(OptionGroup):
    """How many digits, and whether they are proven."""


@Parameter(name="*", group=Group("Output", sort_key=9))
@dataclass(frozen=True, kw_only=True)
class OutputGroup:
    """Where the result goes and in which form."""

    json: Annotated[bool, flag("write JSON instead of text")] = False
    out: Annotated[str | None, file("write to this file instead of the standard output")] = None

    def __post_init__(self) -> None:
        """Refuse a file that cannot be written, or is named as a picture, before the work, not after it."""
        if self.out is not None and self.out.lower().endswith(_PICTURES):
            from anneal_theory.errors import DomainError

            step = "give a name such as result.txt, or result.json with --json; `anneal-theory figure` draws pictures"
            raise DomainError.of("out", "a file of text, and no picture", self.out, step)
        require_writable(self.out, "out")


Quiet = Annotated[bool, flag("show no progress bar")]


# The defaults of the commands (frozen, so they can be shared).
TARGET, SCHEDULE, INIT, DYNAMICS, PRECISION, OUTPUT = (
    TargetGroup(), ScheduleGroup(), InitGroup(), DynamicsGroup(), PrecisionGroup(), OutputGroup()
)  # fmt: skip
