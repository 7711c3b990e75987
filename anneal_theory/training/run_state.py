"""Whether the state in a checkpoint is one that a run could have left; nothing in a file is believed unseen."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from anneal_theory.sealed import refused

if TYPE_CHECKING:
    from anneal_theory._types import FloatArray
    from anneal_theory.training.annealed import AnnealedRun

_PARTS = {"step", "beta", "flow", "optimiser", "history"}
_NEAR = 1e-9  # relative; another processor may round a temperature differently


def require_sound(path: str | Path, run: "AnnealedRun", state: dict[str, object], steps_there: Any) -> None:
    """Refuse a state, left after so many steps, that this run could not have left."""
    if set(state) != _PARTS:
        raise refused(
            path, f"made of {', '.join(sorted(_PARTS))}, not of {', '.join(map(str, sorted(state, key=str)))}"
        )
    step, last = state["step"], run.rules.steps
    if type(step) is not int or type(steps_there) is not int or not 0 <= step <= steps_there:
        there, at = (count if type(count) is int else f"a {type(count).__name__}" for count in (steps_there, step))
        raise refused(path, f"at a step between 0 and its last, {there}, and not at {at}")
    if step > last:
        raise refused(
            path, f"at step {last} or before, the last of this run; it is at step {step} (give as many steps)"
        )
    for reason in (
        _beta(run, step, state["beta"]),
        _flow(state["flow"], dict(run.flow.state_dict())),
        _optimiser(run, step, state["optimiser"]),
        _history(run, step, step == steps_there, state["history"]),
    ):
        if reason:
            raise refused(path, reason)


def require_tensors(path: str | Path, tensors: Any, wanted: dict[str, torch.Tensor]) -> None:
    """Refuse a flow's parameters of other names, shapes or kinds, or that are not finite."""
    if reason := _flow(tensors, wanted):
        raise refused(path, reason)


def require_same_rates(path: str | Path, there: "FloatArray", here: "FloatArray", step: int) -> None:
    """Refuse other learning rates until now: a falling rate falls over the last steps, so that lengths matter."""
    if not np.array_equal(there[:step], here[:step]):
        what = f"of as many steps ({len(there)} there, {len(here)} here): the learning rate falls towards the last step"
        raise refused(path, f"{what}, so the first {step} steps of a longer or shorter run are others")


def _beta(run: "AnnealedRun", step: int, beta: Any) -> str | None:
    if reason := _tensors("inverse temperatures", {"": beta}, {"": torch.from_numpy(run.beta)}):
        return reason
    values = beta.numpy()
    plan = run.plan
    wanted = 1 / plan[max(step - 1, 0)] if plan is not None else values
    lowest = float(run.beta.min()) if plan is None else 0.0  # of a run that has not begun
    if not np.allclose(values, wanted, rtol=_NEAR, atol=0) or values.min() < lowest * (1 - _NEAR) or values.max() > 1:
        return f"at the temperatures of its step, {step}"
    return None


def _flow(tensors: Any, wanted: dict[str, torch.Tensor]) -> str | None:
    if reason := _tensors("flow", tensors, wanted):
        return reason
    if "running_variance" in wanted and bool((tensors["running_variance"] < 0).any()):
        return "with non-negative numbers in flow running_variance"
    return None


def _optimiser(run: "AnnealedRun", step: int, stored: Any) -> str | None:
    own = run.optimiser.state_dict()
    if not isinstance(stored, dict) or set(stored) != set(own) or not isinstance(stored["state"], dict):
        return "with the optimiser's parts"
    groups = stored["param_groups"]
    if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
        return "of the optimiser's settings"
    if run.made_elsewhere is not None:  # its settings are compared by `settings`; some rules change theirs as they go
        if [sorted(group) for group in groups] != [sorted(group) for group in own["param_groups"]]:
            return "of the optimiser's settings"
        return _memory(run, stored["state"])
    if _settings(groups) != _settings(own["param_groups"]):
        return "of the optimiser's settings"
    if not all(isinstance(group["lr"], float) and 0 < group["lr"] < math.inf for group in groups):
        return "of positive learning rates"
    remembers = run.rules.optimiser == "adam" and step > 0
    if remembers != bool(stored["state"]):
        return f"with an optimiser that has made its {step} steps"
    return _moments(run, step, stored["state"]) if remembers else None


def _memory(run: "AnnealedRun", memory: dict[object, object]) -> str | None:
    """Why what an optimiser of any kind remembers is not of these parameters, or not finite; None where it is."""
    count = len(list(run.flow.parameters()))
    for index, entry in memory.items():
        if type(index) is not int or not 0 <= index < count or not isinstance(entry, dict):
            return "of the optimiser's parameters"
        for name, value in entry.items():  # LBFGS keeps lists of tensors
            tensors = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, torch.Tensor)]
            if not all(bool(tensor.isfinite().all()) for tensor in tensors):
                return f"with finite numbers in optimiser {name}"
    return None


def _settings(groups: list[dict[str, object]]) -> list[dict[str, object]]:
    """An optimiser's settings as they are read from a file, with the learning rates' places alone."""
    lists = [
        {name: list(setting) if isinstance(setting, tuple) else setting for name, setting in group.items()}
        for group in groups
    ]
    return [group | {"lr": "lr" in group} for group in lists]


def _moments(run: "AnnealedRun", step: int, moments: dict[Any, Any]) -> str | None:
    parameters = list(run.flow.parameters())
    for index, entry in moments.items():
        if type(index) is not int or not 0 <= index < len(parameters):
            return "of the optimiser's parameters"
        like = parameters[index]
        if reason := _tensors("optimiser", entry, {"step": torch.tensor(0.0), "exp_avg": like, "exp_avg_sq": like}):
            return reason
        if entry["step"].item() != step or bool((entry["exp_avg_sq"] < 0).any()):
            return f"with an optimiser that has made its {step} steps"
    return None


def _history(run: "AnnealedRun", step: int, ended: bool, history: Any) -> str | None:
    before = -(-step // run.rules.record_every)
    count, names = before + ended, run.recorded if before + ended else set()
    like = torch.empty((count, run.flow.replicas), dtype=torch.float64)
    if reason := _tensors("history", history, dict.fromkeys(names, like)):
        return reason
    if not count:
        return None
    steps = np.array([*range(0, step, run.rules.record_every), *[step] * ended])
    if not np.array_equal(history["step"].numpy(), np.repeat(steps[:, None], run.flow.replicas, axis=1)):
        return f"with records at the steps of a run that has come to step {step}"
    temperatures, plan = history["temperature"].numpy(), run.plan
    if plan is not None:
        temperatures = temperatures / plan[np.minimum(steps, max(step - 1, 0))][:, None]
    if temperatures.min() < 1 - _NEAR or (plan is not None and temperatures.max() > 1 + _NEAR):
        return "with records at the temperatures of their steps"
    return None


def _tensors(what: str, tensors: object, wanted: dict[str, torch.Tensor]) -> str | None:
    """Why a dict of tensors is not one of finite numbers with these names, shapes and kinds; None where it is."""
    if not isinstance(tensors, dict) or set(tensors) != set(wanted):
        names = sorted(map(str, tensors)) if isinstance(tensors, dict) else type(tensors).__name__
        return f"with {what} of {sorted(map(str, wanted))}, not {names}"
    for name, like in wanted.items():
        tensor = tensors[name]
        if not isinstance(tensor, torch.Tensor) or tensor.shape != like.shape or tensor.dtype != like.dtype:
            is_one = isinstance(tensor, torch.Tensor)
            kind = f"{tuple(tensor.shape)} {tensor.dtype}" if is_one else type(tensor).__name__
            return f"with {what} {name} of {tuple(like.shape)} {like.dtype}, not {kind}"
        if not bool(torch.isfinite(tensor).all()):
            return f"with finite numbers in {what} {name}"
    return None
