"""How many examples a property draws: as many as it says, and as many times more as the profile has than Hypothesis."""

from typing import Any

from hypothesis import settings

USUAL = 100  # examples of a property that says nothing


def examples(count: int, **more: Any) -> settings:
    """Settings of a property whose examples cost more, or less, than the usual ones."""
    return settings(max_examples=scaled(count), **more)


def scaled(count: int) -> int:
    """How many cases a test draws by itself, by the seeds of a generator: as many times more as properties do."""
    return count * settings.default.max_examples // USUAL
