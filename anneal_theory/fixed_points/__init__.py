"""Where training comes to rest: attractors, collapsed state, critical temperature and separation, hot separation."""

from anneal_theory.fixed_points.constants import target_constants
from anneal_theory.fixed_points.critical import (
    AttractorSet,
    attractor_set,
    attractors,
    critical_separation,
    critical_temperature,
)
from anneal_theory.fixed_points.hot import hot_separation
from anneal_theory.fixed_points.landscape import Landscape, Mode, collapsed_state, landscape_of, unstable_overlap
from anneal_theory.fixed_points.pair import FixedPoint
from anneal_theory.fixed_points.single import CollapsedState
from anneal_theory.fixed_points.sphere_rests import SphereFixedPoint
from anneal_theory.fixed_points.transient_gain import transient_gain

__all__ = [
    "AttractorSet",
    "CollapsedState",
    "FixedPoint",
    "Landscape",
    "Mode",
    "SphereFixedPoint",
    "attractor_set",
    "attractors",
    "collapsed_state",
    "critical_separation",
    "critical_temperature",
    "hot_separation",
    "landscape_of",
    "target_constants",
    "transient_gain",
    "unstable_overlap",
]
