"""The separatrix between collapsing and splitting runs (theory sections 5 and 6)."""

import sys
from typing import Any

from anneal_theory.extras import load
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


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        text = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(text, name=name, obj=sys.modules[__name__])  # from which Python tells the nearest name
    return getattr(load(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, *globals()]
