"""The averages from their definitions, by Arb's rigorous integration and by mpmath's quadrature.

Nothing of the package is used here: parameters are rationals, integrands are the ones of theory section 2.
"""

import math
from contextlib import contextmanager

import flint
import mpmath
from flint import acb, arb, fmpq


@contextmanager
def arb_bits(bits):
    before = flint.ctx.prec
    try:
        flint.ctx.prec = bits
        yield
    finally:
        flint.ctx.prec = before


def _rational(x):
    return arb(fmpq(x.numerator, x.denominator))


def _peak(slope, low, high):
    """Where a decreasing slope changes its sign, in doubles."""
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    return (low + high) / 2


def _log_concave_integral(log_free, slope, peak, digits):
    """The integral of f over the line, if ``log f`` bends at least like ``-z^2/2``.

    log_free(z) gives f(z); slope(z) the exact derivative of log f at a real z, as arb. Beyond ``W`` from z0,
    ``f <= f(z0) exp(|g| t - t^2/2)`` with ``g`` the slope there.
    """
    centre, width = arb(peak), arb(math.sqrt(2 * (digits + 3) * math.log(10)) + 1)
    scale, g = log_free(acb(centre)).real, abs(slope(centre))
    body = acb.integral(
        lambda z, _: log_free(z) / scale, centre - width, centre + width, rel_tol=arb(10) ** -(digits + 3)
    ).real
    tail = 2 * (g * width - width * width / 2).exp() / (width - g)
    return scale * (body + arb(0, tail.abs_upper()))


def half_log_odds(weight):
    return _rational(weight / (1 - weight)).log() / 2


def arb_psi(m, separation, weight, digits):
    """E tanh; the tails hold ``erfc(Z/sqrt 2)``, and tanh is at most one in size."""
    # near psi = 0 the integral cancels; the odd part is integrated instead, which is the same number
    with arb_bits(int(3.33 * digits) + 60):
        a, r = _rational(m) + half_log_odds(weight), _rational(separation)
        reach = arb(math.sqrt(2 * (digits + 3) * math.log(10)) + 2)

        def odd(z, _):
            # (tanh(a + y) + tanh(a - y))/2 = tanh(2a) / (1 + cosh 2y / cosh 2a), without cancellation
            y = r * z
            return (z * z / -2).exp() / (1 + (2 * y).cosh() / (2 * a).cosh())

        body = acb.integral(odd, 0, reach, rel_tol=arb(10) ** -(digits + 3)).real
        tail = arb(0, ((reach * reach / -2).exp() / reach).abs_upper())
        return 2 * (2 * a).tanh() * (body + tail) / (2 * arb.pi()).sqrt()


def arb_psi_prime(m, separation, weight, digits):
    with arb_bits(int(3.33 * digits) + 90):
        a, r = _rational(m) + half_log_odds(weight), _rational(separation)
        af, rf = float(a), float(r)
        peak = _peak(lambda z: -z - 2 * rf * math.tanh(af + rf * z), -2 * rf - 1, 2 * rf + 1)
        total = _log_concave_integral(
            lambda z: (z * z / -2).exp() * (a + r * z).sech() ** 2,
            lambda z: -z - 2 * r * (a + r * z).tanh(),
            peak,
            digits,
        )
        return total / (2 * arb.pi()).sqrt()


def arb_mmse(distance, weight, digits):
    """``E_y[eta (1 - eta)]``, written as the first part's density times the posterior chance of the second label."""
    with arb_bits(int(3.33 * digits) + 90):
        half, c = _rational(distance) / 2, half_log_odds(weight)
        w, hf, cf = _rational(weight), float(half), float(c)
        peak = _peak(lambda y: -y - hf * math.tanh(hf * y + cf), -hf - 1, hf + 1)

        def part(y):
            odds = (2 * (c + half * y)).exp()  # Bayes: the posterior odds of the first label
            return w * ((y - half) ** 2 / -2).exp() / (1 + odds)

        total = _log_concave_integral(part, lambda y: -y - half * (half * y + c).tanh(), peak, digits)
        return total / (2 * arb.pi()).sqrt()


def arb_phi(m, separation, weight, digits):
    """E log cosh, with ``log cosh u <= |u|`` for the tails."""
    with arb_bits(int(3.33 * digits) + 90):
        a, r = _rational(m) + half_log_odds(weight), _rational(separation)
        small = max(1.0, -math.log10(max(abs(float(a)), float(r)))) * 2
        reach = arb(math.sqrt(2 * (digits + 3 + small) * math.log(10)) + 2)

        def side(sign):
            # log cosh u = |u| - log 2 + log(1 + e^(-2|u|)), on the side where sign u > 0
            def integrand(z, analytic):
                u = sign * (a + r * z)
                return (z * z / -2).exp() * (u - log2 + (1 + (-2 * u).exp()).log(analytic=analytic))

            return integrand

        log2, turn = arb(2).log(), min(max(-a / r, -reach), reach)
        pieces = ((side(-1), -reach, turn), (side(1), turn, reach))
        parts = [acb.integral(f, low, high, rel_tol=arb(10) ** -(digits + 3)).real for f, low, high in pieces]
        tail = 2 * (abs(a) / reach + r) * (reach * reach / -2).exp()
        return (sum(parts) + arb(0, tail.abs_upper())) / (2 * arb.pi()).sqrt()


def _panels(peak, width, turn, scale):
    """Break points a standard deviation or two apart, and ever closer towards `turn`."""
    count = math.ceil(width / 2)
    points = {peak + width * k / count for k in range(-count, count + 1)} | {turn}
    steps = [scale * 4.0**k for k in range(10) if scale * 4.0**k < 2]
    points |= {turn + s for s in steps} | {turn - s for s in steps}
    return sorted(point for point in points if abs(point - peak) <= width)


def quad_average(name, m, separation, weight, digits):
    """psi, psi' or phi by mpmath.quad, relative to the integrand's size near its peak."""
    with mpmath.workdps(digits + 8):
        mpf = mpmath.mpf
        r, w = mpf(separation.numerator) / separation.denominator, mpf(weight.numerator) / weight.denominator
        a = mpf(m.numerator) / m.denominator + mpmath.log(w / (1 - w)) / 2
        af, rf = float(a), float(r)
        peak = 0.0
        if name == "psi_prime":
            peak = _peak(lambda z: -z - 2 * rf * math.tanh(af + rf * z), -2 * rf - 1, 2 * rf + 1)
        function = {
            "psi": mpmath.tanh,
            "psi_prime": lambda u: mpmath.sech(u) ** 2,
            "phi": lambda u: abs(u) + mpmath.log1p(mpmath.exp(-2 * abs(u))) - mpmath.log(2),
        }[name]
        width = math.sqrt(2 * (digits + 4) * math.log(10)) + 1
        turn = min(max(-af / rf, peak - width), peak + width)
        points = _panels(peak, width, turn, min(1.0, 1 / rf))
        # quad judges convergence by absolute errors, so the integrand is brought to order one
        scale = mpmath.npdf(peak) * function(a + r * peak) if name == "psi_prime" else 1
        return scale * mpmath.quad(lambda z: mpmath.npdf(z) / scale * function(a + r * z), points)


def quad_mmse(distance, weight, digits):
    """G by mpmath.quad."""
    with mpmath.workdps(digits + 8):
        mpf = mpmath.mpf
        half, w = mpf(distance.numerator) / distance.denominator / 2, mpf(weight.numerator) / weight.denominator
        c = mpmath.log(w / (1 - w)) / 2
        hf, cf = float(half), float(c)
        peak = _peak(lambda y: -y - hf * math.tanh(hf * y + cf), -hf - 1, hf + 1)

        def part(y):
            plus, minus = w * mpmath.npdf(y - half), (1 - w) * mpmath.npdf(y + half)
            return plus * minus / (plus + minus)

        width = math.sqrt(2 * (digits + 4) * math.log(10)) + 1
        turn = min(max(-cf / hf if hf else 0.0, peak - width), peak + width)
        scale = part(mpf(peak))
        return scale * mpmath.quad(lambda y: part(y) / scale, _panels(peak, width, turn, min(1.0, 1 / max(hf, 0.1))))
