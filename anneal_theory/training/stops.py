"""Why the training of a flow ended before its time, and what was recorded until then."""

from pathlib import Path

from anneal_theory._types import FloatArray
from anneal_theory.errors import Interrupted, SolveError


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


class TrainingInterrupted(Interrupted):
    """Training that Ctrl-C ended between two steps; the checkpoint, where there is one, is of the step that follows.

    Attributes:
        step: The step that would have been next.
        temperature: The temperature of each replica.
        history: What was recorded until then, arrays of shape (records, replicas).
    """

    def __init__(
        self, message: str, step: int, temperature: FloatArray, history: dict[str, FloatArray], checkpoint: Path | None
    ) -> None:
        super().__init__(message, checkpoint)
        self.step, self.temperature, self.history = step, temperature, history
