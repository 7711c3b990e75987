"""A theory's number beside counted runs: exact binomial interval and verdict."""

from dataclasses import dataclass

from scipy.special import betainccinv, betaincinv

from anneal_theory.errors import DomainError
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Estimate, plain
from anneal_theory.shown import Shown, with_error

CONFIDENCE = 0.999


@dataclass(frozen=True, repr=False)
class Comparison(Shown):
    """Theory and simulation of one setting.

    Attributes:
        theory: What the formula says.
        collapsed: Number of simulated runs that collapsed.
        replicas: Number of simulated runs.
        low: Lower end of the exact binomial interval of the simulated probability.
        high: Its upper end.
        confidence: Coverage of the interval; a right formula misses it with probability below 1 - confidence.
    """

    theory: Estimate
    collapsed: int
    replicas: int
    low: float
    high: float
    confidence: float

    def told(self) -> dict[str, object]:
        """Theory, count, interval and verdict."""
        return {
            "theory": with_error(self.theory.value, self.theory.error),
            "counted": f"{self.collapsed} of {self.replicas}",
            "interval": f"{self.low:.4f} to {self.high:.4f} at {100 * self.confidence:.6g} %",
            "verdict": self.verdict,
        }

    @property
    def simulated(self) -> float:
        """Share of the runs that collapsed."""
        return self.collapsed / self.replicas

    @property
    def agrees(self) -> bool:
        """Whether the theory, give or take its own error, lies in the interval."""
        return bool(self.low - self.theory.error <= self.theory.value <= self.high + self.theory.error)

    @property
    def verdict(self) -> str:
        """ "agrees" or "disagrees"."""
        return "agrees" if self.agrees else "disagrees"

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        derived = {"simulated": self.simulated, "verdict": self.verdict}
        return {
            name: plain(value) for name, value in (vars(self) | {"theory": self.theory.to_dict()} | derived).items()
        }


@checked(collapsed="collapsed_runs")
def compare(theory: Estimate, collapsed: int, replicas: int, *, confidence: float = CONFIDENCE) -> Comparison:
    """Set the theory's probability beside the count of simulated or trained runs.

    Args:
        theory: The theory's probability.
        collapsed: Number of runs that collapsed, from 0 to `replicas`.
        replicas: Number of independent runs, at least 1.
        confidence: Coverage of the exact (Clopper-Pearson) interval, strictly between 0 and 1.

    Raises:
        DomainError: an argument lies outside its domain.

    Example:
        >>> theory = Estimate(value=0.668, error=1e-4, log_value=-0.4035, method="exact")
        >>> row = compare(theory, collapsed=1990, replicas=3000)
        >>> round(row.low, 4), round(row.high, 4), row.verdict
        (0.6344, 0.6914, 'agrees')
    """
    if collapsed > replicas:
        raise DomainError.of("collapsed", f"from 0 to {replicas}", collapsed, "it counts some of the replicas")
    return Comparison(theory, collapsed, replicas, *interval(collapsed, replicas, confidence), confidence)


@checked(trials="replicas", undecided="count")
def interval(count: int, trials: int, confidence: float, undecided: int = 0) -> tuple[float, float]:
    """Exact (Clopper-Pearson) interval of a probability from a count of independent trials.

    Each end is right to 1e-12 of itself.

    Args:
        count: Trials that came out.
        trials: All trials.
        confidence: Coverage, strictly between 0 and 1.
        undecided: Trials of which nobody knows whether they came out: the interval covers every way that could be.

    Example:
        >>> low, high = interval(0, 100, 0.999)
        >>> low, abs((1 - high) ** 100 - 0.0005) < 1e-12  # each tail has half of what the confidence leaves
        (0.0, True)
        >>> interval(0, 100, 0.999, undecided=3) == (0.0, interval(3, 100, 0.999)[1])
        True
    """
    if count > trials:
        raise DomainError.of("count", f"from 0 to {trials}", count, "it counts some of the trials")
    if undecided > trials - count:
        raise DomainError.of(
            "undecided", f"from 0 to {trials - count}", undecided, "it counts some of the remaining trials"
        )
    tail, most = (1 - confidence) / 2, count + undecided
    low = float(betaincinv(count, trials - count + 1, tail)) if count else 0.0
    high = float(betainccinv(most + 1, trials - most, tail)) if most < trials else 1.0
    return low, high
