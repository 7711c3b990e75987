"""The separatrix between collapsing and splitting runs (theory sections 5 and 6)."""

from anneal_theory.extras import attributes_of
from anneal_theory.threshold.methods import collapse_threshold

_HOMES = {
    "antipodal_alpha": "sphere.antipodal",
    "antipodal_temperature": "sphere.antipodal",
    "hot_start_threshold": "sphere.hot_start",
    "sphere_growth_rates": "sphere.rates",
}

# all but the first are loaded by __getattr__
__all__ = [  # noqa: RUF022
    "collapse_threshold", "antipodal_alpha", "antipodal_temperature", "hot_start_threshold", "sphere_growth_rates",
]  # fmt: skip


__getattr__ = attributes_of(__name__, _HOMES)


def __dir__() -> list[str]:
    return [*__all__, *globals()]
