"""Theory beside training: exact intervals, verdicts that know the biases, baselines, the schedule theory chooses."""

from anneal_theory.compare.baselines import BaselineRow, BaselineTable, compare_baselines
from anneal_theory.compare.bias import Bias, Count, TrainingComparison, compare_training
from anneal_theory.compare.binomial import Comparison, compare, interval
from anneal_theory.compare.realnvp_baselines import compare_flow_baselines, time_per_step
from anneal_theory.compare.schedule_optimisation import ChosenSchedule, choose_schedule
from anneal_theory.compare.trajectories import flows_beside

__all__ = [
    "BaselineRow",
    "BaselineTable",
    "Bias",
    "ChosenSchedule",
    "Comparison",
    "Count",
    "TrainingComparison",
    "choose_schedule",
    "compare",
    "compare_baselines",
    "compare_flow_baselines",
    "compare_training",
    "flows_beside",
    "interval",
    "time_per_step",
]
