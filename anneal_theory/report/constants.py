"""The constants of a report's target."""

from anneal_theory.errors import DomainError, PrecisionError
from anneal_theory.fixed_points.constants import target_constants
from anneal_theory.problem import BimodalTarget

PROVEN_DIGITS = 50
_MAIN = "overlap", "escape_rate", "critical_temperature", "critical_separation"
_NONE = "none: "


def main_constants(target: BimodalTarget) -> dict[str, float | str]:
    """The main constants of the target, each a number or the reason why there is none."""
    constants = target_constants(target)
    return {name: value.removeprefix(_NONE) if isinstance(value := constants[name], str) else value for name in _MAIN}


def proven_constants(target: BimodalTarget) -> dict[str, object]:
    """All constants as balls of 50 proven digits, or the reason why there is none."""
    try:
        return target_constants(target, digits=PROVEN_DIGITS, certified=True)
    except (DomainError, PrecisionError) as error:
        return {"none": str(error)}
