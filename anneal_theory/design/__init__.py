"""Schedules chosen by the exact probability: the cheapest that keeps a promise, or the best within a budget of time."""

from anneal_theory.design.calibration import Calibration, calibrate_training
from anneal_theory.design.designing import design_schedule
from anneal_theory.design.duration import least_duration
from anneal_theory.design.flow_calibration import FlowCalibration, Stretch, calibrate_flow
from anneal_theory.design.law import schedule_cost
from anneal_theory.design.result import Design, PricedSchedule
from anneal_theory.design.singular_arc import singular_temperature

__all__ = [
    "Calibration",
    "Design",
    "FlowCalibration",
    "PricedSchedule",
    "Stretch",
    "calibrate_flow",
    "calibrate_training",
    "design_schedule",
    "least_duration",
    "schedule_cost",
    "singular_temperature",
]
