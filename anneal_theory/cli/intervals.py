"""The 95 % interval that readers expect, beside the strict ones by which the package judges."""

USUAL = 0.95


def usual_interval(count: int, replicas: int, undecided: int = 0) -> tuple[float, float]:
    """The exact 95 % interval of a probability from a count; it covers whatever the undecided runs would have done.

    Example:
        >>> low, high = usual_interval(50, 100)
        >>> round(low, 3), round(high, 3)
        (0.398, 0.602)
    """
    from anneal_theory.compare import interval

    return interval(count, replicas, USUAL, undecided)


def interval_text(ends: tuple[float, float]) -> str:
    """An interval as text.

    Example:
        >>> interval_text((0.25, 0.5))
        '[0.2500, 0.5000]'
    """
    return f"[{ends[0]:.4f}, {ends[1]:.4f}]"
