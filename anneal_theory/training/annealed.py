"""The annealed loop: reverse Kullback-Leibler training of a flow at a temperature that falls to 1."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules import Schedule
from anneal_theory.training.adapters import Flow
from anneal_theory.training.adaptive import AdaAnn, ConstantESS
from anneal_theory.training.checkpoint import load_checkpoint, save_checkpoint
from anneal_theory.training.flow_outcome import numbers
from anneal_theory.training.noise import ADAPTING, RECORDING, TRAINING, Noise
from anneal_theory.training.outcome import reverse_ess
from anneal_theory.training.rules import TrainingRules

LogDensity: TypeAlias = Callable[[Tensor], Tensor]
Observe: TypeAlias = Callable[[Tensor | None, Tensor], dict[str, FloatArray]]


class TrainingStopped(SolveError):
    """Training ended before its last step or above its final temperature.

    Attributes:
        step: The step that failed.
        temperature: The temperature of each replica at that step.
        history: What was recorded until then, arrays of shape (records, replicas).
        checkpoint: The last good checkpoint, or None.
    """

    def __init__(self, message: str, step: int, temperature: FloatArray, history: dict[str, FloatArray]) -> None:
        super().__init__(message)
        self.step, self.temperature, self.history = step, temperature, history
        self.checkpoint: Path | None = None


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

    Raises:
        DomainError: the schedule ends above the highest final temperature.
    """

    @checked(schedule="rule", rules="training_rules", log_density="density")
    def __init__(
        self,
        flow: Flow,
        log_density: LogDensity,
        schedule: Schedule | AdaAnn | ConstantESS,
        rules: TrainingRules,
        noise: Noise,
        observe: Observe = lambda base, samples: {},
        label: dict[str, Any] | None = None,
    ) -> None:
        self.flow, self.log_density, self.schedule = flow, log_density, schedule
        self.rules, self.noise, self.observe, self.label = rules, noise, observe, dict(label or {})
        self.step = 0
        self.records: list[dict[str, FloatArray]] = []
        parameters = list(flow.parameters())
        self.dtype, self.device = parameters[0].dtype, parameters[0].device
        kind = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[rules.optimiser]
        self.optimiser = kind(parameters, lr=rules.step_size, fused=True)
        self._rates = rules.step_sizes
        self._plan = rules.temperatures(schedule) if isinstance(schedule, Schedule) else None
        start = self._plan[0] if self._plan is not None else schedule.initial_temperature
        self.beta: FloatArray = np.full(flow.replicas, 1.0 / start)

    @checked
    def run(
        self, *, checkpoint: str | Path | None = None, checkpoint_every: int = 1000, progress: bool = False
    ) -> dict[str, FloatArray]:
        """Train to the last step.

        Args:
            checkpoint: File to continue from where it exists, and to write to.
            checkpoint_every: Steps between two checkpoints (the end is always written).
            progress: Show a bar on the standard error.

        Returns:
            The history, arrays of shape (records, replicas): step, temperature, loss, ess, and what `observe` gives.

        Raises:
            DomainError: the checkpoint is damaged or another run's.
            TrainingStopped: a loss is NaN or infinite, or an adaptive rule ends too hot.
        """
        if checkpoint_every < 1:
            raise DomainError.of("checkpoint_every", "at least 1", checkpoint_every, "1000 is the default")
        if checkpoint is not None and Path(checkpoint).exists():
            self.restore(load_checkpoint(checkpoint, self.settings))
        last = self.rules.steps
        try:
            with one_thread(), _bar(progress, last, self.step) as advance:
                while self.step < last:
                    self._prepare()
                    loss = self._descend()
                    self.step += 1
                    advance(loss, float(1 / self.beta.max()))
                    if checkpoint is not None and self.step % checkpoint_every == 0 and self.step < last:
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
        """The records so far, arrays of shape (records, replicas)."""
        if not self.records:
            return {}
        return {name: np.stack([record[name] for record in self.records]) for name in self.records[0]}

    @property
    def settings(self) -> dict[str, Any]:
        """What the run is, as plain data: equal for runs that give the same bytes."""
        return self.label | {
            "flow": self.flow.settings,
            "schedule": self.schedule.to_dict(),
            "rules": vars(self.rules),
            "noise": vars(self.noise),
        }

    def state(self) -> dict[str, Any]:
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
        count = len(columns["step"]) if columns else 0
        self.records = [{name: values[row].copy() for name, values in columns.items()} for row in range(count)]

    def _prepare(self) -> None:
        """Set the temperature and the learning rate of this step; record before the step is taken."""
        if self._plan is not None:
            self.beta = np.full(self.flow.replicas, 1.0 / self._plan[self.step])
        elif isinstance(self.schedule, AdaAnn | ConstantESS) and self.step and self.step % self.schedule.every == 0:
            self._adapt(self.schedule)
        if self.step % self.rules.record_every == 0:
            self._record()
        for group in self.optimiser.param_groups:
            group["lr"] = float(self._rates[self.step])

    def _descend(self) -> float:
        """One optimiser step; the mean loss."""
        self.optimiser.zero_grad(set_to_none=True)
        _, samples, log_q = self.flow.draw(self.noise, TRAINING, self.step, self.rules.batch_size)
        losses = self._loss(log_q, self.log_density(samples)).mean(dim=1)
        total = losses.sum()  # replicas share no weight, so each gets the gradient of its own loss
        value = float(total.detach())
        if not math.isfinite(value):
            self._stop(losses)
        total.backward()  # type: ignore[no-untyped-call]
        if self.rules.gradient_limit is not None:
            self.flow.clip_gradients(self.rules.gradient_limit)
        self.optimiser.step()
        return value / self.flow.replicas

    def _loss(self, log_q: Tensor, log_p: Tensor) -> Tensor:
        beta = torch.as_tensor(self.beta, dtype=self.dtype, device=self.device)[:, None]
        return log_q / beta - log_p if self.rules.objective == "free-energy" else log_q - beta * log_p

    @torch.no_grad()
    def _adapt(self, rule: AdaAnn | ConstantESS) -> None:
        _, samples, _ = self.flow.draw(self.noise, ADAPTING, self.step, rule.samples)
        self.beta = rule.next_beta(self.beta, numbers(self.log_density(samples)))

    @torch.no_grad()
    def _record(self) -> None:
        base, samples, log_q = self.flow.draw(self.noise, RECORDING, self.step, self.rules.record_samples)
        log_p = self.log_density(samples)
        losses = self._loss(log_q, log_p).mean(dim=1)
        if not bool(losses.isfinite().all()):
            self._stop(losses)
        record = {"step": np.full(self.flow.replicas, float(self.step)), "temperature": 1 / self.beta}
        record |= {"loss": numbers(losses), "ess": reverse_ess(numbers(log_p - log_q))}
        self.records.append(record | self.observe(base, samples))

    def _records_before(self, step: int) -> int:
        return -(-step // self.rules.record_every)

    def _save(self, path: str | Path) -> None:
        """Write a checkpoint, unless the parameters have just gone bad: the last good one stays."""
        if all(bool(tensor.isfinite().all()) for tensor in self.flow.parameters()):
            save_checkpoint(path, self.settings, self.state())

    def _stop(self, losses: Tensor) -> None:
        bad = np.flatnonzero(~np.isfinite(numbers(losses)))
        temperature = 1 / float(self.beta[bad[0]]) if bad.size else 1 / float(self.beta[0])
        message = (
            f"the loss of replica {bad.tolist()} is not finite at step {self.step}, temperature {temperature:.6g}; "
        )
        message += "use a smaller step_size or a gradient_limit"
        raise TrainingStopped(message, self.step, 1 / self.beta, self.history)

    def _check_final_temperature(self) -> None:
        hottest, limit = float(1 / self.beta.min()), self.rules.highest_final_temperature
        if hottest > limit:
            message = f"the adaptive rule ends at temperature {hottest:.6g} after {self.step} steps, above {limit:g}; "
            message += "take more steps, let it adapt faster, or raise highest_final_temperature"
            raise TrainingStopped(message, self.step, 1 / self.beta, self.history)


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread inside torch's operations: these are too small for more, which would only wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def _bar(shown: bool, total: int, done: int) -> Iterator[Callable[[float, float], None]]:
    """A function to call after each step, which moves a progress bar where one is shown."""
    if not shown:
        yield lambda loss, temperature: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("training", total=total, completed=done)

        def advance(loss: float, temperature: float) -> None:
            progress.update(task, advance=1, description=f"T = {temperature:.3f}, loss = {loss:.3f}")

        yield advance
