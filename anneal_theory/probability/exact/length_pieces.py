"""The stretch of the pair's length in pieces, each with a polynomial of its own.

In low dimension the lengths that matter reach over decades, and the threshold bends where a pair becomes too short for
its length to matter. A piece whose polynomial is not good enough gets more nodes, and then is halved.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import block_diag
from scipy.special import logsumexp

from anneal_theory._types import BoolArray, FloatArray
from anneal_theory.probability.distance_law import AcrossLaw, LengthRule, across_rule, lobatto, polynomial_reads

_MOST = 9  # nodes of a piece; with more it is halved
_OF_A_HALF = 5


@dataclass(frozen=True)
class LengthPiece:
    """A stretch of log |Delta_perp| with Chebyshev-Lobatto nodes, of which every second makes the coarser set."""

    low: float
    high: float
    count: int = 3

    @property
    def coarser(self) -> "LengthPiece":
        """The same stretch with the next smaller set of nodes."""
        return replace(self, count=(self.count + 1) // 2 if self.count > 3 else 1)

    @property
    def coarser_nodes(self) -> BoolArray:
        """Which of the nodes these are."""
        inner = np.arange(self.count) % 2 == 1
        return np.asarray(inner if self.count == 3 else ~inner)

    @property
    def finer(self) -> tuple["LengthPiece", ...]:
        """What replaces it where its polynomial is not good enough."""
        if self.count < _MOST:
            return (replace(self, count=2 * self.count - 1),)
        middle = 0.5 * (self.low + self.high)
        return LengthPiece(self.low, middle, _OF_A_HALF), LengthPiece(middle, self.high, _OF_A_HALF)

    @property
    def nodes(self) -> FloatArray:
        """Logarithms of lengths."""
        return 0.5 * (self.low + self.high) + 0.5 * (self.high - self.low) * lobatto(self.count)


def rule_over_pieces(law: AcrossLaw, pieces: Sequence[LengthPiece]) -> LengthRule:
    """The average over all pieces."""
    rules = [across_rule(law, piece.low, piece.high, piece.count) for piece in pieces]
    return LengthRule(
        np.concatenate([rule.nodes for rule in rules]),
        block_diag(*(rule.reads for rule in rules)),
        np.concatenate([rule.offsets for rule in rules]),
        np.concatenate([rule.log_weights for rule in rules]),
    )


def reads_at(pieces: Sequence[LengthPiece], log_lengths: FloatArray) -> FloatArray:
    """From values at the pieces' nodes to those of their polynomials, shape (lengths, nodes)."""
    edges = [piece.high for piece in pieces[:-1]]
    inside = np.searchsorted(edges, log_lengths)
    reads = np.zeros((log_lengths.size, sum(piece.count for piece in pieces)))
    start = 0
    for index, piece in enumerate(pieces):
        rows = np.flatnonzero(inside == index)
        x = (2 * log_lengths[rows] - piece.low - piece.high) / (piece.high - piece.low)
        reads[rows, start : start + piece.count] = polynomial_reads(np.clip(x, -1.0, 1.0), piece.count)
        start += piece.count
    return reads


def differences(
    law: AcrossLaw, pieces: Sequence[LengthPiece], which: int, looked: Sequence[tuple[FloatArray, FloatArray]]
) -> FloatArray:
    """What the coarser nodes of each piece change of an average, relative to all of it.

    `looked` has at some overlaps log rho_c at the pieces' nodes, shape (overlaps, nodes), and logarithms of the weights
    of these overlaps.
    """
    gaps, totals = np.full(len(pieces), -np.inf), []
    ends = np.cumsum([piece.count for piece in pieces])
    for log_rho, log_weights in looked:
        for index, (piece, end) in enumerate(zip(pieces, ends, strict=True)):
            own = log_rho[:, end - piece.count : end]
            fine = rule_over_pieces(law, [piece]).logs(own)[which]
            few = rule_over_pieces(law, [piece.coarser]).logs(own[:, piece.coarser_nodes])[which]
            with np.errstate(invalid="ignore"):  # both may be -inf: then they are equal
                apart = np.where(few == fine, 0.0, -np.expm1(-np.abs(few - fine)))
            totals.append(logsumexp(fine + log_weights))
            gaps[index] = np.logaddexp(gaps[index], logsumexp(np.maximum(few, fine) + log_weights, b=apart))
    return np.asarray(np.exp(gaps - logsumexp(totals)))
