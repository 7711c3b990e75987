"""Local working precision: one lock round the shared state of the libraries, and nothing global left changed.

python-flint keeps its precision in one global context, and mpmath fills global caches (pi, log 2) without a lock, so
both are entered through one re-entrant lock. mpmath computes in a private context, one for each thread; its results
are returned as ordinary ``mpmath.mpf`` numbers, which carry their own digits whatever ``mpmath.mp.dps`` says.

A process that is forked while another thread computes digits starts with a lock of its own, the precision that was
there before that computation, and empty caches of mpmath.
"""

import math
import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import flint
import mpmath

from anneal_theory._types import MpContext, Mpf, MpfParts
from anneal_theory.arithmetic import CONTEXT, BallContext, FloatArithmetic
from anneal_theory.results import Ball

_BITS_PER_DIGIT = math.log2(10)
_OUTPUT_GUARD_BITS = 8  # bits a returned midpoint carries beyond the digits asked for
_private = threading.local()
GLOBAL: MpContext = mpmath.mp
"""The context of ordinary ``mpmath.mpf`` numbers, which carries no types of its own."""


class _Turn:
    """Whose turn it is with the shared state of flint and mpmath: one thread's, which may enter again."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._owner: int | None = None
        self._depth = 0
        self._flint_bits = 0  # before the turn

    def __enter__(self) -> None:
        self._lock.acquire()
        if self._depth == 0:
            self._flint_bits, self._owner = flint.ctx.prec, threading.get_ident()
        self._depth += 1

    def __exit__(self, *raised: object) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._owner = None
        self._lock.release()

    def after_fork(self) -> None:
        """In a child that has only the thread that forked: another thread's turn is over."""
        if self._owner == threading.get_ident():
            return
        if self._depth:
            flint.ctx.prec = self._flint_bits
            _forget_constants()
        self.__init__()  # type: ignore[misc]  # a new lock: the old one may be held by a thread that is not here


def _forget_constants() -> None:
    """Empty mpmath's caches of pi, log 2 and the like: another thread may have changed one half."""
    for cached in vars(mpmath.libmp.libelefun).values():
        for cell in getattr(cached, "__closure__", None) or ():
            if hasattr(cell.cell_contents, "memo_prec"):
                cell.cell_contents.memo_prec = -1


_TURN = _Turn()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_TURN.after_fork)


class _FlintPrecision:
    """What `flint_precision` enters; a generator would take as long again as the lock."""

    __slots__ = ("_before", "_bits")

    def __init__(self, bits: int) -> None:
        self._bits = bits

    def __enter__(self) -> BallContext:
        _TURN.__enter__()
        self._before = flint.ctx.prec
        try:
            flint.ctx.prec = self._bits
        except BaseException:
            _TURN.__exit__()
            raise
        return CONTEXT

    def __exit__(self, *raised: object) -> None:
        flint.ctx.prec = self._before
        _TURN.__exit__()


def flint_precision(bits: int) -> AbstractContextManager[BallContext]:
    """Arb arithmetic at `bits` of precision, with the global precision put back at the end, whatever happens.

    Args:
        bits: Working precision in bits.

    Example:
        >>> with flint_precision(100) as arithmetic:
        ...     arithmetic.pi.rel_accuracy_bits() >= 98
        True
    """
    return _FlintPrecision(bits)


@contextmanager
def mpmath_precision(bits: int) -> Iterator[FloatArithmetic]:
    """mpmath arithmetic at `bits` of precision in this thread's private context."""
    with _TURN:
        if not hasattr(_private, "context"):
            _private.context = mpmath.MPContext()
        context = _private.context
        before = context.prec
        try:
            context.prec = bits
            yield FloatArithmetic(context)
        finally:
            context.prec = before


@contextmanager
def mpmath_context(digits: int) -> Iterator[MpContext]:
    """This thread's private mpmath context at so many digits; ``mpmath.workdps`` would change those of all threads.

    Numbers of other contexts compute with the precision of theirs: take them in by ``context.mpf(number)``, and give
    results out by `to_mpf`.
    """
    with mpmath_precision(bits_of(digits)) as arithmetic:
        yield arithmetic.context


def bits_of(digits: int) -> int:
    """Bits that hold `digits` decimal digits, half a unit of the last one included."""
    return math.ceil(digits * _BITS_PER_DIGIT) + 1


def to_mpf(value: Mpf) -> Mpf:
    """An ordinary ``mpmath.mpf`` with all the bits of a number of a private context."""
    return GLOBAL.make_mpf(value._mpf_)


def rounded(value: Mpf, digits: int) -> Mpf:
    """A private context's number as an ``mpmath.mpf``, rounded to `digits` digits and a few guard bits."""
    return GLOBAL.make_mpf(mpmath.libmp.mpf_pos(value._mpf_, bits_of(digits) + _OUTPUT_GUARD_BITS, "n"))


def to_ball(value: flint.arb, digits: int) -> Ball:
    """An Arb ball as a `Ball`: the midpoint at digits and a few guard bits, which the rounded-up radius covers."""
    arithmetic = mpmath.libmp
    full = exact_mpf(value.mid())
    middle = arithmetic.mpf_pos(full, bits_of(digits) + _OUTPUT_GUARD_BITS, "n")
    shift = arithmetic.mpf_abs(arithmetic.mpf_sub(full, middle))
    radius = arithmetic.mpf_add(exact_mpf(value.rad()), shift, 30, "u")
    return Ball(mpmath.mp.make_mpf(middle), mpmath.mp.make_mpf(radius))


def exact_mpf(value: flint.arb) -> MpfParts:
    """An exact Arb number as the tuple of an ``mpf``.

    Example:
        >>> mpmath.mp.make_mpf(exact_mpf(flint.arb(0.375)))
        mpf('0.375')
    """
    mantissa, exponent = value.man_exp()
    parts: MpfParts = mpmath.libmp.from_man_exp(int(mantissa), int(exponent))
    return parts
