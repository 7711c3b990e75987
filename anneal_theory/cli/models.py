"""Options that choose the model of training: free means, or means on the sphere."""

from typing import TYPE_CHECKING, Any

from anneal_theory.cli.option_fields import OptionGroup, headed
from anneal_theory.cli.options import InitGroup
from anneal_theory.cli.refusals import require_left_out
from anneal_theory.quantities import QUANTITIES

if TYPE_CHECKING:
    from anneal_theory.problem import Dynamics, GaussianInit, SphereInit

_OPTIONS = {
    "objective": "tempered-target", "metric": "euclidean", "family_weight": "0.5", "constraint": "free",
    "variance_rule": "fixed",
}  # fmt: skip
_NOTES = {"variance_rule": "on the sphere", "constraint": "the sphere is the paper's setting"}


@headed("Dynamics", 3, _OPTIONS, QUANTITIES, _NOTES)
class ModelGroup(OptionGroup):
    """The loss, the metric, and what is held or trained."""

    @property
    def on_sphere(self) -> bool:
        """Whether the means are held on the sphere."""
        return bool(self.keywords["constraint"] == "sphere")

    @property
    def arguments(self) -> dict[str, Any]:
        """Keywords of `Dynamics`."""
        keywords = self.keywords
        rule = keywords.pop("variance_rule")
        if not self.on_sphere and rule != "fixed":
            require_left_out("for free means", "or add --constraint sphere", variance_rule=rule)
        return keywords | {"variance": rule}

    def build(self) -> "Dynamics":
        """The dynamics."""
        from anneal_theory.problem import Dynamics

        return Dynamics(**self.arguments)

    def law(self, init: InitGroup) -> "GaussianInit | SphereInit":
        """The law of the initial means that goes with it."""
        if not self.on_sphere:
            return init.build()
        from anneal_theory.problem import SphereInit

        keywords = init.keywords
        require_left_out(
            "with --constraint sphere", "means start uniform on the sphere", variance=keywords.pop("variance", None)
        )
        return SphereInit(**keywords)


MODEL = ModelGroup()
