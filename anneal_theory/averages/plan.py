r"""Which series to sum, how far, and with how many bits: sizes estimated in double precision, proved afterwards.

Three series give the averages (theory section 2); each is summed in `appell_lerch` or `fourier` and returns a proved
bound of what it leaves out. With ``L`` the nats asked for below the leading term, ``a = |m + h|``:

=============  ==================================================  ====================================
series         terms                                               where it wins
=============  ==================================================  ====================================
Appell-Lerch   ``sqrt(2L) R / pi + sqrt(L/2) / R``                 middling R, and tails (relative bits)
Fourier        ``L/pi`` to ``2L/pi`` nodes, at tiny R a third of   other R, if a is of order R
               it and as many residues
exponentials   ``L / (2a)``, only if ``a^2 > 2 R^2 L``             tails, tiny R
=============  ==================================================  ====================================

The choice is by the least predicted time, (terms) x (time of a term at its precision), with weights that were
measured: over R from 0.01 to 200 and 15 to 1000 digits the chosen series took at most 1.27 times the best one's
time. For psi at a = R/2 the measured switches are (Appell-Lerch between them, Fourier outside):

=======  ====  ====  ====  =====
digits     15    50   200   1000
=======  ====  ====  ====  =====
lower R  0.3   0.17  0.09  0.05
upper R  5     8     16    32
=======  ====  ====  ====  =====

phi has no Appell-Lerch form.

Nothing here has to be right for the results to be: a count that is too small shows up as a wide ball.
"""

import math
from dataclasses import dataclass
from typing import Literal

from anneal_theory.errors import DomainError

SeriesQuantity = Literal["complement", "psi_prime", "phi"]  # complement: U = 1 - psi
LN2 = math.log(2)
MAX_TERMS = 2_000_000  # at 15 digits about ten seconds
_GUARD_BITS = 16


@dataclass(frozen=True)
class SeriesPlan:
    """One way to sum."""

    series: Literal["appell-lerch", "fourier", "exponentials"]  # "appell-lerch", "fourier" or "exponentials"
    bits: int  # working precision
    nats: float  # minus the logarithm of the absolute error aimed at
    terms: int  # terms of the first sum (Gaussian in q; nodes; exponentials)
    side_terms: int = 0  # terms of the second sum (Gaussian in p; residues; none)
    margin: float = 0.0  # Fourier: distance x of the nearest alias, P = a + x; else 0

    @property
    def cost(self) -> float:
        """Predicted time, in units of one product of machine words."""
        words = self.bits / 64
        product: float = 3 + 0.25 * words**1.4  # Python's overhead, then Karatsuba and beyond
        functions = 3 if self.series == "exponentials" else 6
        weight = 0.4 if self.series == "exponentials" else 1.0
        exponential: float = 8 + 0.15 * words**1.9
        return weight * (self.terms + self.side_terms + 1) * product * 5 + functions * exponential


def log_size(quantity: SeriesQuantity, a: float, radius: float) -> float:
    """Natural logarithm of the quantity's size, right to a few nats.

    Example:
        >>> log_size("psi_prime", 1e6, 3.0)
        -1999982.0
    """
    if quantity == "phi":
        # for small numbers phi is (a^2 + R^2)/2; beyond, it is of the order of the larger one
        size = max(a, radius)
        return 2 * math.log(size) - LN2 if size < 1 else math.log(size) - LN2
    tail = a > 2 * radius * radius
    exponent = -2 * a + 2 * radius * radius if tail else -a * a / (2 * radius * radius)
    if quantity == "psi_prime" and not tail:
        return exponent - math.log(max(1.0, radius))
    return exponent - (0 if tail else math.log1p(a / radius))


def plans(quantity: SeriesQuantity, a: float, radius: float, nats: float, size: float) -> list[SeriesPlan]:
    """Every way that gives an absolute error ``e^-nats`` at this point, cheapest first; `size` is a logarithm."""
    candidates = [_fourier(quantity, a, radius, nats), _exponentials(quantity, a, radius, nats, size)]
    if quantity != "phi":
        candidates.append(_appell_lerch(a, radius, nats, size))
    fitting = [plan for plan in candidates if plan is not None and plan.terms + plan.side_terms <= MAX_TERMS]
    if not fitting:
        raise DomainError.of(
            "separation", f"small enough for a sum of {MAX_TERMS} terms", radius, "ask for fewer digits, or move m"
        )
    return sorted(fitting, key=lambda plan: plan.cost)


def _appell_lerch(a: float, radius: float, nats: float, size: float) -> SeriesPlan:
    r2 = radius * radius
    # terms of size e^(front - (N^2) pi^2/(2 R^2)), with room for 1/(1-c)^5 in the bound
    front = (math.pi**2 / 4 - a * a) / (2 * r2) + 5 * math.log1p(r2 / 5) + math.log(4 / r2 + a / r2 + 1) + 3
    first = math.ceil(math.sqrt(max(0.0, 2 * r2 * (nats + front))) / math.pi)
    second = 1 + math.ceil(max(_gaussian_count(nats, a, r2), math.sqrt((max(0.0, nats + size) + 5) / (2 * r2))))
    loss = 5 * math.log1p(r2) / 2 + math.log1p(a + a * a / r2 + 1 / r2)  # 1-c, and arguments of the exponentials
    bits = math.ceil((max(0.0, nats + size) + loss) / LN2) + _GUARD_BITS + 2 * (first + second).bit_length()
    return SeriesPlan("appell-lerch", bits, nats, first, second)


def _gaussian_count(nats: float, a: float, r2: float) -> float:
    """n beyond which ``min(p^(n^2), p^(n^2-2n) X)`` is below ``e^-nats``, ``p = e^(-2 R^2)``, ``X = e^(-2a)``."""
    plain = math.sqrt((nats + 5) / (2 * r2)) if nats > 0 else 0.0
    room = (nats + 5 - 2 * a) / (2 * r2) + 1
    return min(plain, 1 + math.sqrt(room) if room > 0 else 1.0)


def _exponentials(quantity: SeriesQuantity, a: float, radius: float, nats: float, size: float) -> SeriesPlan | None:
    """The order alpha at which ``e^(2 alpha^2 R^2 - 2 alpha a) = e^-nats``; none if the minimum is larger."""
    r2, wanted = radius * radius, max(nats, 0.0) + 5
    room = a * a - 2 * r2 * wanted
    if room <= 0:
        return None
    order = wanted / (a + math.sqrt(room))
    if quantity == "psi_prime":
        order += math.log1p(order) / a
        if 2 * order * (a - order * r2) < wanted:
            return None
    terms = math.ceil(order) - 1  # the order lies in [terms, terms + 1], as the bound wants
    loss = math.log1p(2 * a + terms * terms * r2)
    relative = max(0.0, nats + size)
    bits = math.ceil((relative + loss + max(0.0, 1 - 2 * a)) / LN2) + _GUARD_BITS + 4
    return SeriesPlan("exponentials", bits, nats, terms)


def _fourier(quantity: SeriesQuantity, a: float, radius: float, nats: float) -> SeriesPlan:
    r2, wanted = radius * radius, max(nats, 0.0) + 6
    if quantity == "psi_prime":
        wanted += 3
    top = 2 * wanted / (math.pi / 2 + math.sqrt(math.pi**2 / 4 + 2 * r2 * wanted))  # R^2 k^2/2 + pi k/2 = wanted
    gaussian_margin = radius * math.sqrt(2 * wanted)
    largest = math.floor(gaussian_margin / (2 * r2))  # residues inside the Gaussian margin
    best = math.sqrt(top * wanted / (4 * math.pi) / (1 + top * r2 / (2 * math.pi)))
    order = min(max(1, round(best)), largest + 1)
    margin = gaussian_margin if order == largest + 1 else wanted / (2 * order) + order * r2
    period = a + margin
    nodes = math.ceil(top * period / (2 * math.pi)) + 1
    growth = _recurrence_growth(radius, 2 * math.pi / period, nodes) if a > 0 else 0
    loss = math.log1p(period + 2 * margin + order * order * r2) / LN2 + 2 * math.log2(nodes + 1)
    return SeriesPlan("fourier", math.ceil(wanted / LN2 + loss + growth) + _GUARD_BITS, nats, nodes, order - 1, margin)


def _recurrence_growth(radius: float, step: float, nodes: int) -> float:
    """Bits by which the cosine recurrence widens balls (1.28 a step) faster than the nodes shrink."""
    slope = 1.28 - math.pi * step / (2 * LN2)
    curve = (radius * step) ** 2 / (2 * LN2)
    if slope <= 0:
        return 0.0
    best = min(float(nodes), slope / (2 * curve))
    return slope * best - curve * best * best
