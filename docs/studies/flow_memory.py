"""What of a flow decides whether its modes survive, for `flow_schedules`: held flows measured, and parts of them reset.

Flows as those of "ways" on the bimodal target are held at one temperature for 450 steps. What is measured then is
set beside what becomes of them when they are cooled. Adam's moments are forgotten at the end of the hold in every cell
(the plain run, whose moments go on, is a cell of "holds"); some reset a part of the last layer of each network too.
"""

import time
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.quantities.keywords import keywords_for
from anneal_theory.schedules import Constant, Piecewise
from anneal_theory.training.rules import FlowShape, TrainingRules
from docs.studies.flow_cells import HOLD, QUENCH, RECIPE, REPLICAS, STEPS, TARGET

KEY = "hold", "reset"
DIM, SAMPLES = 8, 10_000
RESETS = ("nothing", "log-scales", "shifts")
HOLDS = ("2", "2.5")
VALLEY = 1.0  # samples nearer than this to the middle between the modes lie in the valley
MEASURED = ("light share", "spread along mu*", "share in the valley", "m1 - m2", "loss at T = 1")


def cells() -> list[tuple[str, str]]:
    """Temperature of the hold and what is reset at its end; the place of one is its seed."""
    return [(hold, "nothing") for hold in HOLDS] + [(HOLDS[0], part) for part in RESETS[1:]]


def outcome(place: tuple[str, str]) -> dict[str, Any]:
    """What is stored of a cell: what was measured at the end of the hold, and which flows collapsed."""
    from anneal_theory.training.noise import Noise
    from anneal_theory.training.realnvp import RealNVP
    from anneal_theory.training.realnvp_outcome import collapse_verdict

    started, (hold, part), seed = time.process_time(), place, cells().index(place)
    noise, later = Noise(2 * seed, REPLICAS), Noise(2 * seed + 1, REPLICAS)
    flow = RealNVP(DIM, noise, **keywords_for(FlowShape, RECIPE))
    rules = keywords_for(TrainingRules, RECIPE) | {"record_every": STEPS}
    held = rules | {"steps": HOLD, "final_step_size": None, "highest_final_temperature": np.inf}
    _trained(flow, Constant(hold), held, noise)
    statistics = measured(flow, noise)
    reset(flow, part)
    _trained(flow, Piecewise((0, QUENCH), (hold, "1")), rules | {"steps": STEPS - HOLD}, later)
    collapsed = collapse_verdict(1 - measured(flow, later)["light share"], TARGET)
    row: dict[str, Any] = {"hold": hold, "reset": part, "collapsed": collapsed.tolist()}
    row |= {"measured": {name: [round(float(one), 4) for one in values] for name, values in statistics.items()}}
    return row | {"seconds": round(time.process_time() - started, 1)}


def reset(flow: Any, part: str) -> None:
    """Set the last layer's shifts or log-scales of every coupling to zero, as they are in the identity."""
    import torch

    if part == "nothing":
        return
    with torch.no_grad():
        for layer in flow.layers():
            for rows in layer[-2:]:  # weights and biases: shifts come first
                shifts, scales = rows.chunk(2, dim=-1)
                (shifts if part == "shifts" else scales).zero_()


def measured(flow: Any, noise: Any) -> dict[str, FloatArray]:
    """`MEASURED` of each flow, on samples of it."""
    import torch

    from anneal_theory.training.noise import EVALUATION
    from anneal_theory.training.realnvp_measures import record_of
    from anneal_theory.training.realnvp_outcome import coordinate_along, numbers, target_log_density

    with torch.no_grad():
        base, samples, log_q = flow.draw(noise, EVALUATION, 0, SAMPLES)
        place, told = coordinate_along(samples), record_of(base, samples, TARGET, None)
        loss = numbers((log_q - target_log_density(TARGET, samples)).mean(dim=1))
        valley = numbers((place.abs() < VALLEY).double().mean(dim=1))
    values = 1 - told["mode_weight"], told["spread"], valley, told["m1"] - told["m2"], loss
    return dict(zip(MEASURED, values, strict=True))


def _trained(flow: Any, schedule: Any, rules: dict[str, Any], noise: Any) -> None:
    from anneal_theory.training.annealed import AnnealedRun

    AnnealedRun(flow, _log_density, schedule, TrainingRules(**rules), noise).run()


def _log_density(samples: Any) -> Any:
    from anneal_theory.training.realnvp_outcome import target_log_density

    return target_log_density(TARGET, samples)
