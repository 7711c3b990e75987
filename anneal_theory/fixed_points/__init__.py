"""Where training comes to rest: attractors, collapsed state, critical temperature and separation, hot separation."""

from anneal_theory.fixed_points.constants import target_constants
from anneal_theory.fixed_points.critical import (
    Ending,
    attractors,
    critical_separation,
    critical_temperature,
    ending,
)
from anneal_theory.fixed_points.hot import hot_separation
from anneal_theory.fixed_points.pair import FixedPoint
from anneal_theory.fixed_points.single import CollapsedState, collapsed_state, unstable_overlap
from anneal_theory.fixed_points.transient_gain import transient_gain

__all__ = [
    "CollapsedState",
    "Ending",
    "FixedPoint",
    "attractors",
    "collapsed_state",
    "critical_separation",
    "critical_temperature",
    "ending",
    "hot_separation",
    "target_constants",
    "transient_gain",
    "unstable_overlap",
]
