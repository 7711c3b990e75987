"""Time of proven averages beside Arb's integration and mpmath's quadrature, in one process.

    python -m tests.benchmarks.averages_digits [--digits 15 50 200 1000] [--all-mpmath]

`acb.integral` gets the tightest range that keeps its accuracy (``|z| <= sqrt(2 L)``, ``L = digits log 10``) and the
form of the integrand it likes best (``z*z/-2`` squares a box, where ``-z*z/2`` costs three times as much; psi and G
by the even part over the half line). phi has two lines: "phi" integrates the definition ``log cosh``; "phi, split"
integrates ``|u| - log 2 + log(1 + e^(-2|u|))`` on either side of u = 0, which suits `acb.integral` far better at
many digits. `mpmath.quad` splits there too. Times are medians of interleaved runs; single runs above five seconds.
"""

import argparse
import math
import statistics
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import flint
import mpmath
from flint import acb, arb, fmpq

from anneal_theory.averages import ball
from anneal_theory.problem import BimodalTarget

OVERLAP, SEPARATION, WEIGHT, DISTANCE = Fraction(17, 10), Fraction(3), Fraction(4, 5), Fraction(13, 10)
TARGET = BimodalTarget(SEPARATION, WEIGHT)
MPMATH_LIMIT = 200  # digits up to which mpmath.quad is run by default; 1000 take half a minute a value


def ours(name: str, digits: int) -> Any:
    """One proven value from the package."""
    name = name.removesuffix(", split")
    if name == "mmse":
        return ball.mmse(DISTANCE, Fraction(1, 2), digits=digits)
    return getattr(ball, name)(OVERLAP, TARGET, digits)


def integral(name: str, digits: int) -> Any:
    """The same value by Arb's rigorous integration, truncated where the Gaussian drops below the digits."""
    before, flint.ctx.prec = flint.ctx.prec, math.ceil(digits * 3.3219281) + 12
    try:
        return _integral(name, digits)
    finally:
        flint.ctx.prec = before


def _integral(name: str, digits: int) -> Any:
    reach, tolerance = arb(math.sqrt(2 * digits * math.log(10))), arb(10) ** -digits
    norm = (2 * arb.pi()).sqrt()

    def over(function: Callable[[Any, bool], Any], low: Any, high: Any) -> Any:
        return acb.integral(function, low, high, rel_tol=tolerance, abs_tol=tolerance).real / norm

    if name == "mmse":
        half = arb(fmpq(13, 20))
        even = over(lambda z, _: (z * z / -2).exp() * (half * z).sech(), 0, reach)
        return even / 2 * (half * half / -2).exp()
    a, r = arb(fmpq(17, 10)) + arb(2).log(), arb(3)
    if name == "psi":
        return over(lambda z, _: (z * z / -2).exp() * ((a + r * z).tanh() + (a - r * z).tanh()), 0, reach)
    if name == "psi_prime":
        return over(lambda z, _: (z * z / -2).exp() * (a + r * z).sech() ** 2, -reach, reach)
    if name == "phi":
        return over(lambda z, analytic: (z * z / -2).exp() * (a + r * z).cosh().log(analytic=analytic), -reach, reach)
    log2, turn = arb(2).log(), -a / r

    def side(sign: int) -> Callable[[Any, bool], Any]:
        def integrand(z: Any, analytic: bool) -> Any:
            u = sign * (a + r * z)
            return (z * z / -2).exp() * (u - log2 + (1 + (-2 * u).exp()).log(analytic=analytic))

        return integrand

    return over(side(-1), -reach, turn) + over(side(1), turn, reach)


def quadrature(name: str, digits: int) -> Any:
    """The same value by mpmath.quad."""
    with mpmath.workdps(digits + 5):
        reach = mpmath.sqrt(2 * digits * mpmath.log(10))
        if name == "mmse":
            half = mpmath.mpf(13) / 20
            mean = mpmath.quad(lambda z: mpmath.npdf(z) * mpmath.sech(half * z), [-reach, 0, reach])
            return mean / 4 * mpmath.exp(-half * half / 2)
        a, r = mpmath.mpf(17) / 10 + mpmath.log(2), 3
        function = {
            "psi": mpmath.tanh,
            "psi_prime": lambda u: mpmath.sech(u) ** 2,
            "phi": lambda u: mpmath.log(mpmath.cosh(u)),
        }[name.removesuffix(", split")]
        return mpmath.quad(lambda z: mpmath.npdf(z) * function(a + r * z), [-reach, -a / r, reach])


def seconds(call: Callable[[], Any]) -> float:
    """Time of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def medians(*calls: Callable[[], Any]) -> list[float]:
    """Median times of calls, interleaved."""
    first = [seconds(call) for call in calls]
    rounds = 1 if max(first) > 5 else 5
    inner = [max(1, min(50, int(0.02 / max(one, 1e-6)))) for one in first]
    samples: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for sample, call, count in zip(samples, calls, inner, strict=True):
            sample.append(min(seconds(call) for _ in range(count)))
    return [statistics.median(sample) for sample in samples]


def exponential(digits: int) -> float:
    """Time of one Arb exponential of a number of so many digits."""
    before, flint.ctx.prec = flint.ctx.prec, math.ceil(digits * 3.3219281)
    try:
        x = arb(2).sqrt()
        return min(seconds(x.exp) for _ in range(200))
    finally:
        flint.ctx.prec = before


def agree(name: str, digits: int) -> None:
    """Stop unless the two rigorous routes agree."""
    with mpmath.workdps(digits + 5):
        other = mpmath.mpf(integral(name, digits).mid().str(digits + 8, radius=False))
        gap = abs(ours(name, digits).value - other)
        if gap > mpmath.mpf(10) ** (2 - digits):
            raise SystemExit(f"{name} at {digits} digits differs from acb.integral by {mpmath.nstr(gap, 3)}")


def line(name: str, digits: int, unit: float, with_mpmath: bool) -> str:
    """One row of the table."""
    mine, arbs = medians(lambda: ours(name, digits), lambda: integral(name, digits))
    row = f"{digits:6d}  {name:10s} {mine * 1e3:9.3f}  {mine / unit:9.1f}   {arbs / mine:12.1f}"
    if with_mpmath:
        row += f"  {seconds(lambda: quadrature(name, digits)) / mine:12.1f}"
    return row


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--digits", type=int, nargs="+", default=[15, 50, 200, 1000])
    parser.add_argument("--all-mpmath", action="store_true", help="run mpmath.quad above 200 digits too")
    options = parser.parse_args()
    print(f"R = {SEPARATION}, w* = {WEIGHT}, m = {OVERLAP}, D = {DISTANCE}; mpmath on {mpmath.libmp.BACKEND}")
    print("digits  value        ours ms   Arb exps   acb.integral   mpmath.quad   (times ours)")
    for digits in options.digits:
        unit = exponential(digits)
        for name in ("psi", "psi_prime", "mmse", "phi", "phi, split"):
            if digits <= MPMATH_LIMIT:
                agree(name, digits)
            print(line(name, digits, unit, digits <= MPMATH_LIMIT or options.all_mpmath), flush=True)


if __name__ == "__main__":
    main()
