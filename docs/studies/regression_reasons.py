"""Why calls of public functions take longer than in the earlier tree that `regressions.json` compares them with.

A reason belongs to a call by its name, or by the name of its function (up to the comma) for all calls of it. A test
asks that every call has one whose lowest ratio is above 1.1.
"""

_CHECKS = "microseconds: its arguments are checked by the table of quantities"
_STATE = "microseconds: NumPy's error state is the package's own inside, and the array is checked"
_EVERY_SCALE = "pairs are looked for at every distance from 1e-160 of a stretch on; the earlier tree missed some"

_LEVEL = "microseconds: the level is checked, and its distance from 1 is that of its shortest decimal"

REASONS = {
    "from_callable": "looked through for jumps and bumps at 300,000 times when it is made; the earlier tree saw none",
    "BaselineRules": _CHECKS,
    "AdaAnn": _CHECKS,
    "ConstantESS": _CHECKS,
    "TrainingRules": _CHECKS,
    "TrainingRules.temperatures": _STATE,
    "GaussianInit": _CHECKS,
    "GaussianMixture": _CHECKS + ", every entry of its lists",
    "GaussianMixture.log_prob": _STATE,
    "BimodalTarget.log_prob": _STATE,
    "Estimate": _CHECKS + ", and it has the errors of both logarithms",
    "Ball": _CHECKS,
    "Ball.to_dict": "microseconds: its numbers get as many digits as read back equal",
    "Outcomes.to_xarray": "microseconds of xarray: whether a replica is undecided or diverged are variables too",
    "AdaAnn.next_beta": _STATE,
    "ReducedState.distance": _STATE,
    "ReducedState.rho": _STATE,
    "FullState.require_target": _STATE,
    "GramState.from_means": _STATE + ", in its constructor too",
    "Schedule.clock_above": _LEVEL,
    "Schedule.time_above": _LEVEL,
    "Schedule.settling_time": _LEVEL,
    "Schedule.to_dict": "microseconds: an exact number that is a decimal is written as one",
    "Schedule.temperature, array": _STATE,
    "Schedule.excess, array": _STATE,
    "Schedule.beta, array": _STATE,
    "Schedule.clock, array": _STATE,
    "Schedule.inverse_clock, array": _STATE,
    "Schedule.temperature_at_clock, array": _STATE,
    "Schedule.highest_after, array": _STATE,
    "attractors": "microseconds: its rules are made and checked before the stored answer is looked up",
    "attractors, new target": _EVERY_SCALE,
    "attractors, unequal weights": _EVERY_SCALE,
    "attractors, warm": _EVERY_SCALE,
    "averages.psi, new target": "microseconds: the target and the number are checked",
    "train_mixture": "a run is watched in windows of its time, and tells whether it has decided or diverged",
    "train_realnvp": "a run is watched in windows of its time, and tells whether it has decided or diverged",
}


def reason(call: str) -> str:
    """Why a call takes longer; empty where nobody has said."""
    return REASONS.get(call) or REASONS.get(call.partition(", ")[0], "")
