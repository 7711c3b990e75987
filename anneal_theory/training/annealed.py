"""The annealed loop: reverse Kullback-Leibler training of a flow at a temperature that falls to 1."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor

from anneal_theory._types import FloatArray, IntArray
from anneal_theory.errors import DomainError
from anneal_theory.numerics.progress import progress_bar
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules import Schedule
from anneal_theory.storage import require_writable
from anneal_theory.training.adapters import TrainableFlow
from anneal_theory.training.adaptive import AdaAnn, ConstantESS
from anneal_theory.training.checkpoint import load_checkpoint, save_checkpoint, steps_between
from anneal_theory.training.devices import one_thread, own_settings
from anneal_theory.training.interruption import interruptible
from anneal_theory.training.noise import ADAPTING, RECORDING, TRAINING, Noise
from anneal_theory.training.optimisers import OF_NAMED, described, stepped
from anneal_theory.training.outcome import reverse_ess
from anneal_theory.training.realnvp_outcome import numbers
from anneal_theory.training.rules import TrainingRules
from anneal_theory.training.run_state import require_same_rates, require_sound
from anneal_theory.training.stops import TrainingInterrupted, TrainingStopped

_ALWAYS = ("step", "temperature", "loss", "ess")  # recorded of every flow
_TOLD = 5  # replicas that a message names
LogDensity: TypeAlias = Callable[[Tensor], Tensor]
Observe: TypeAlias = Callable[[Tensor | None, Tensor], dict[str, FloatArray]]


class AnnealedRun:
    """One run of the loop: the flow, its optimiser, the temperatures and the history.

    Args:
        flow: `RealNVP` or `SeparateFlows`; trained in place.
        log_density: The target's log-density of samples (r, n, d), shape (r, n), differentiable.
        schedule: A schedule of the package, or an adaptive rule.
        rules: How to train.
        noise: Seed and replicas.
        observe: What else to record of base points and samples: name to values, one a replica.
        label: Plain data that joins the settings (a checkpoint of another label is refused): the target, say.
        own_optimiser: One over the flow's parameters, which is used as it is; None makes that of the rules, at their
            learning rates.
    """

    @checked(schedule="rule", rules="training_rules", log_density="density")
    def __init__(
        self, flow: TrainableFlow, log_density: LogDensity, schedule: Schedule | AdaAnn | ConstantESS,
        rules: TrainingRules, noise: Noise, observe: Observe = lambda base, samples: {},
        label: dict[str, Any] | None = None, own_optimiser: torch.optim.Optimizer | None = None,
    ) -> None:  # fmt: skip
        self.flow, self.log_density, self.schedule = flow, log_density, schedule
        self.rules, self.noise, self.observe, self.label = rules, noise, observe, dict(label or {})
        self.step = 0
        self.records: list[dict[str, FloatArray]] = []
        parameters = list(flow.parameters())
        if any(parameter.is_inference() for parameter in parameters):
            what = "made outside torch.inference_mode(), so that it can be trained"
            raise DomainError.of("flow", what, type(flow).__name__, "make it anew")
        self.dtype, self.device = parameters[0].dtype, parameters[0].device
        kind = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[rules.optimiser]
        self.optimiser = own_optimiser or kind(parameters, lr=rules.step_size, fused=True)
        self.made_elsewhere = None if own_optimiser is None else described(own_optimiser)
        self._rates = rules.step_sizes
        self.plan = rules.temperatures(schedule) if isinstance(schedule, Schedule) else None
        start = self.plan[0] if self.plan is not None else schedule.initial_temperature
        self.beta: FloatArray = np.full(flow.replicas, 1.0 / start)

    @checked
    @own_settings()
    def run(
        self, *, checkpoint: str | Path | None = None, checkpoint_every: int | None = None, progress: bool = False
    ) -> dict[str, FloatArray]:
        """Train to the last step.

        A checkpoint may be of a run of fewer steps, where the learning rate of its steps was the same; it is written
        every `checkpoint_every` steps (1000 unless given), at the end and where Ctrl-C stops it. Returns the history,
        arrays (records, replicas): step, temperature, loss, ess, and what `observe` gives.
        """
        every = steps_between(checkpoint, checkpoint_every)
        require_writable(checkpoint, "checkpoint")
        if checkpoint is not None and Path(checkpoint).exists():
            self._take_up(checkpoint)
        last = self.rules.steps
        try:
            with (
                one_thread(),
                interruptible() as stop,
                progress_bar("training", last, shown=progress, done=self.step) as move,
            ):
                while self.step < last:
                    if stop.is_set():
                        self._interrupt(checkpoint)
                    self._prepare()
                    loss = self._descend()
                    self.step += 1
                    move(advance=1, description=f"T = {1 / self.beta.max():.3f}, loss = {loss:.3f}")
                    if checkpoint is not None and self.step % every == 0 and self.step < last:
                        self._save(checkpoint)
            if len(self.records) == self._records_before(last):
                self._record()
                if checkpoint is not None:
                    self._save(checkpoint)
            self._check_final_temperature()
        except TrainingStopped as stopped:
            stopped.checkpoint = Path(checkpoint) if checkpoint is not None and Path(checkpoint).exists() else None
            raise
        return self.history

    @property
    def history(self) -> dict[str, FloatArray]:
        """The records so far, arrays of shape (records, replicas), by name in one order however the run came here."""
        if not self.records:
            return {}
        names = [*_ALWAYS, *sorted(set(self.records[0]) - set(_ALWAYS))]
        return {name: np.stack([record[name] for record in self.records]) for name in names}

    @property
    def recorded(self) -> set[str]:
        """The names of what is recorded."""
        with torch.no_grad():
            base, samples, _ = self.flow.draw(self.noise, RECORDING, 0, 2)
            return {*_ALWAYS, *self.observe(base, samples)}

    @property
    def settings(self) -> dict[str, object]:
        """What the run is, as plain data: equal for runs that give the same bytes."""
        rules = dict(vars(self.rules))
        if self.made_elsewhere is not None:  # no learning rate of the rules is used
            rules = {name: rules[name] for name in rules if name not in OF_NAMED} | {"optimiser": self.made_elsewhere}
        parts = {"flow": self.flow.settings, "schedule": self.schedule.to_dict()}
        return self.label | parts | {"rules": rules, "noise": vars(self.noise)}

    def state(self) -> dict[str, object]:
        """All that a continuation needs."""
        return {
            "step": self.step,
            "beta": torch.from_numpy(self.beta.copy()),
            "flow": dict(self.flow.state_dict()),
            "optimiser": self.optimiser.state_dict(),
            "history": {name: torch.from_numpy(values) for name, values in self.history.items()},
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take up where a state was taken."""
        self.step, self.beta = state["step"], state["beta"].numpy().copy()
        self.flow.load_state_dict(state["flow"])
        self.optimiser.load_state_dict(state["optimiser"])
        columns = {name: values.numpy() for name, values in state["history"].items()}
        # The last record of a shorter run, made at its end, is not one of a longer run.
        count = len(columns["step"]) if columns else 0
        count = min(count, self._records_before(self.step) + (self.step == self.rules.steps))
        self.records = [{name: values[row].copy() for name, values in columns.items()} for row in range(count)]

    def _take_up(self, checkpoint: str | Path) -> None:
        settings, state = load_checkpoint(checkpoint, self.settings, frozenset({"rules.steps"}))
        steps = settings["rules"]["steps"]
        require_sound(checkpoint, self, state, steps)
        if self.made_elsewhere is None:
            there = replace(self.rules, steps=steps).step_sizes if steps else self.rules.step_sizes
            require_same_rates(checkpoint, there, self._rates, state["step"])
        self.restore(state)

    def _interrupt(self, checkpoint: str | Path | None) -> None:
        kept = None if checkpoint is None else Path(checkpoint)
        if kept is not None:
            self._save(kept)
        message = f"interrupted at step {self.step} of {self.rules.steps}; "
        message += (
            f"the same call goes on from the checkpoint {kept}"
            if kept is not None and kept.exists()
            else "nothing is kept without a checkpoint"
        )
        raise TrainingInterrupted(message, self.step, 1 / self.beta, self.history, kept)

    def _prepare(self) -> None:
        """Set the temperature and the learning rate of this step; record before the step is taken."""
        if self.plan is not None:
            self.beta = np.full(self.flow.replicas, 1.0 / self.plan[self.step])
        elif isinstance(self.schedule, AdaAnn | ConstantESS) and self.step and self.step % self.schedule.every == 0:
            self._adapt(self.schedule)
        if self.step % self.rules.record_every == 0:
            self._record()
        for group in self.optimiser.param_groups if self.made_elsewhere is None else ():
            group["lr"] = float(self._rates[self.step])

    def _descend(self) -> float:
        """One optimiser step; the mean loss, of an optimiser that asks for several that at the step's start."""
        return stepped(self.optimiser, self._differentiated) / self.flow.replicas

    def _differentiated(self) -> float:
        """The loss of this step's batch, the same at each question, over all replicas; its gradient is left behind."""
        self.optimiser.zero_grad(set_to_none=True)
        _, samples, log_q = self.flow.draw(self.noise, TRAINING, self.step, self.rules.batch_size)
        losses = self._loss(log_q, self.log_density(samples)).mean(dim=1)
        total = losses.sum()  # replicas share no weight, so each gets the gradient of its own loss
        value = float(total.detach())
        if not math.isfinite(value):
            self._stop(losses)
        total.backward()  # type: ignore[no-untyped-call]
        if self.flow.replicas == 1:  # of several the next loss tells which
            self._require_gradient()
        if self.rules.gradient_limit is not None:
            self.flow.clip_gradients(self.rules.gradient_limit)
        return value

    def _require_gradient(self) -> None:
        """Stop before a gradient that is not finite is stepped along."""
        found = [tensor.grad for tensor in self.flow.parameters() if tensor.grad is not None]
        if not all(bool(gradient.isfinite().all()) for gradient in found):
            message = f"the gradient of the loss is not finite at step {self.step}, temperature {1 / self.beta[0]:.6g},"
            message += " where the loss is; look for a slope at sqrt(0) or 0/0 in the flow's log-density"
            raise TrainingStopped(message, self.step, 1 / self.beta, self.history)

    def _loss(self, log_q: Tensor, log_p: Tensor) -> Tensor:
        beta = torch.as_tensor(self.beta, dtype=self.dtype, device=self.device)[:, None]
        return log_q / beta - log_p if self.rules.objective == "free-energy" else log_q - beta * log_p

    @torch.no_grad()
    def _adapt(self, rule: AdaAnn | ConstantESS) -> None:
        _, samples, _ = self.flow.draw(self.noise, ADAPTING, self.step, rule.samples)
        log_p = self.log_density(samples)
        if not bool(log_p.isfinite().all()):
            self._stop(log_p.mean(dim=1))
        self.beta = rule.next_beta(self.beta, numbers(log_p))

    @torch.no_grad()
    def _record(self) -> None:
        base, samples, log_q = self.flow.draw(self.noise, RECORDING, self.step, self.rules.record_samples)
        log_p = self.log_density(samples)
        losses = self._loss(log_q, log_p).mean(dim=1)
        ratios = log_p - log_q
        sound = losses.isfinite() & ratios.isfinite().all(dim=1) & samples.isfinite().all(dim=(1, 2))
        if not bool(sound.all()):
            self._stop(torch.where(sound, 0.0, torch.nan))
        record = {"step": np.full(self.flow.replicas, float(self.step)), "temperature": 1 / self.beta}
        record |= {"loss": numbers(losses), "ess": reverse_ess(numbers(ratios))}
        self.records.append(record | self.observe(base, samples))

    def _records_before(self, step: int) -> int:
        return -(-step // self.rules.record_every)

    def _save(self, path: str | Path) -> None:
        """Write a checkpoint, unless what is trained has just gone bad: the last good one stays."""
        if all(bool(tensor.isfinite().all()) for tensor in self.flow.state_dict().values()):
            save_checkpoint(path, self.settings, self.state())

    def _stop(self, losses: Tensor) -> None:
        """Stop for losses (r,) that are not all finite, or none of which is where only their sum was."""
        bad = np.flatnonzero(~np.isfinite(numbers(losses)))
        raise self.stopped(bad if bad.size else np.arange(len(losses)))

    def stopped(self, bad: IntArray) -> TrainingStopped:
        """The error of a training some of whose replicas have gone bad."""
        temperature, rate = 1 / float(self.beta[bad[0]]), self._rates[min(self.step, self.rules.steps - 1)]
        more = f" and {bad.size - _TOLD} more" if bad.size > _TOLD else ""
        which = "replica" if bad.size == 1 else "replicas"
        of = "" if self.made_elsewhere else f" of {which} {', '.join(map(str, bad[:_TOLD] + self.noise.first))}{more}"
        message = f"the loss{of} is not finite at step {self.step}, temperature {temperature:.6g}"
        if self.made_elsewhere:
            message += "; use a smaller learning rate in the optimiser or a gradient_limit"
        else:
            message += f", step size {rate:.6g}; use a smaller step_size or a gradient_limit"
        return TrainingStopped(message, self.step, 1 / self.beta, self.history)

    def _check_final_temperature(self) -> None:
        hottest, limit = float(1 / self.beta.min()), self.rules.highest_final_temperature
        if hottest > limit:
            message = f"the adaptive rule ends at temperature {hottest:.6g} after {self.step} steps, above {limit:g}; "
            message += "take more steps or raise highest_final_temperature"
            raise TrainingStopped(message, self.step, 1 / self.beta, self.history)
