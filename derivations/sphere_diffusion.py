r"""The diffusion that the noise of gradients makes of a pair on the sphere, in every dimension.

Source: theory section 12.  Output: covariance of (log x, m1 + m2, c) and drift that noise of strength 1 adds in a unit
of time; what of both moves a law, but for the law's own slopes.
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations.component_noise import POWERS, apart, aside, label, label_slope
from derivations.component_noise import derive as component_noise
from derivations.core import Derivation, valued
from derivations.gradient_noise import derive as equal_noise
from derivations.gradient_noise import dim
from derivations.sphere_flow import derive as sphere_flow
from derivations.symbols import (
    G,
    G_prime,
    G_second,
    R,
    overlap,
    overlap_prime,
    overlap_second,
    psi,
    psi_1,
    psi_2,
    psi_prime,
    psi_prime_1,
    psi_prime_2,
    psi_second,
    psi_second_1,
    psi_second_2,
    slope,
    symbol,
    v,
    w_i,
)

x, total, cosine = symbol("difference_cosine"), symbol("overlap_sum"), symbol("pair_cosine")
half = sp.Rational(1, 2)
A, B, K_1, K_2 = sp.symbols("A B K_1 K_2", real=True)  # of each mean's noise
A_m, B_m, K_m = sp.symbols("A' B' K'", real=True)  # of both means' mixed
_DRIFTS = ["b_x", "b_M", "b_c"]
_TENSORS = A, B, K_1, K_2, A_m, B_m, K_m
_gap = sp.Symbol("g", positive=True)  # |Delta|/R
PLACES = [R**2 * (total / R**2 + sign * x * sp.sqrt(2 - 2 * cosine)) / 2 for sign in (1, -1)]
AWAY = R * sp.sqrt(2 - 2 * cosine) / sp.sqrt(v)  # the distance of two components of variance 1
SEEN = {psi(PLACES[0]): psi_1, psi(PLACES[1]): psi_2, psi_prime(PLACES[0]): psi_prime_1,
        psi_prime(PLACES[1]): psi_prime_2, psi_second(PLACES[0]): psi_second_1, psi_second(PLACES[1]): psi_second_2,
        G(AWAY): overlap, G_prime(AWAY): overlap_prime, G_second(AWAY): overlap_second}  # fmt: skip


@cache
def derive() -> Derivation:
    """From the noise of one sample to the diffusion of the cosines."""
    d = Derivation("sphere_diffusion", "theory section 12", "The diffusion of a pair on the sphere")
    tensors = _tensors(d)
    spread, drift = _projected(d)
    _moves(d, tensors, spread, drift)
    return d


def _tensors(d: Derivation) -> dict[Any, Any]:
    d.say(
        r"""The noise of both gradients (page The noise of any weights, and on the sphere), for equal weights, batches
        of one and both components together, is one of tensors. With $\Delta = \mu_1 - \mu_2$ and the unit vector $e$ of
        the axis, $\Sigma_{ij} = A_{ij} I + B_{ij} \Delta \Delta^T + K_{ij} e e^T$ in all $d$ directions: what is known
        along the axis, along the rest of $\Delta$ and across both has this form. By the powers of responsibilities
        of equal weights,"""
    )
    across = component_noise().outputs["component_noise_across"].value
    plane = component_noise().outputs["component_noise"].value
    square = sp.Symbol("H", positive=True)
    moments = dict(zip(POWERS, (2 * overlap, overlap, overlap - 2 * square, overlap - 3 * square), strict=True))
    entries = [[sp.expand(one.subs({w_i: half} | moments)) for one in some] for some in (plane, across)]
    found = []
    for flat, (along, mixed, back, rest) in zip(entries[1], ((0, 1, 1, 2), (3, 4, 5, 6), (7, 8, 8, 9)), strict=True):
        wide = sp.expand((entries[0][rest] - flat) / aside**2)
        axis = sp.expand(entries[0][along] - flat - wide * apart**2)
        d.verify("in the plane", [entries[0][mixed], entries[0][back]], [wide * apart * aside] * 2)
        if (wide.free_symbols | axis.free_symbols) & {apart, aside}:
            raise AssertionError("the noise is none of tensors")
        found.append((flat, wide, axis))
    own, mixed, other = found
    first, second = ({label: psi(place), label_slope: psi_prime(place)} for place in PLACES)
    values = {
        A: own[0] + other[0], B: own[1] + other[1], A_m: 2 * mixed[0], B_m: 2 * mixed[1],
        K_1: own[2].subs(first), K_2: own[2].subs(second), K_m: mixed[2].subs(first) + mixed[2].subs(second),
    }  # fmt: skip
    d.verify("the other mean's noise has no axis", other[2], sp.Integer(0))
    d.step("the noise of both means", {one.name: sp.factor(valued(value, SEEN)) for one, value in values.items()})
    d.check("across, of the difference", sp.expand(2 * (values[A] - values[A_m]).subs(v, 1)),
            sp.expand(equal_noise().outputs["noise_across"].value), shown=r"2 (A - A')")  # fmt: skip
    d.say(r"""where $H = -G_X/4$, with $X = D^2/(4 v)$, is the mean of squared products of responsibilities (page The
        noise of the gradient).""")
    reach = sp.Symbol("z", positive=True)
    slope = -sp.diff(G(reach), reach) / sp.diff(reach**2 / 4, reach) / 4
    known = {square: slope.subs(reach, AWAY), overlap: G(AWAY)}
    return {one: value.subs(known) for one, value in values.items()}


def _projected(d: Derivation) -> tuple[list[Any], list[Any]]:
    """Covariance and drift in (log x, M, c), by the tensors: a step of noise and projection, to second order."""
    d.say(
        r"""**On the sphere** a function $F$ of the directions $\mu_i/|\mu_i|$ does not see projection. Noise of the
        covariance $\Sigma$ therefore gives it the drift $\frac12 \Sigma : \nabla\nabla F$ and the covariance
        $\nabla F \cdot \Sigma \nabla F$, with derivatives in all coordinates of both means. Along $\Delta$, along
        $\mu_1 + \mu_2$, along the rest of the axis and along one of the other $d - 3$ directions,"""
    )
    first, second = sp.symbols("mu_1_1:5", real=True), sp.symbols("mu_2_1:5", real=True)
    letters, y, z = first + second, *sp.symbols("y z", real=True)
    one, other, axis = sp.Matrix(first), sp.Matrix(second), sp.Matrix([x, y, z, 0])
    one, other = one / sp.sqrt(one.dot(one)), other / sp.sqrt(other.dot(other))
    turn = one.dot(other)
    functions = [sp.log((one - other).dot(axis)) - sp.log(2 - 2 * turn) / 2, R**2 * (one + other).dot(axis), turn]
    near, far = _gap / 2, sp.sqrt((1 + cosine) / 2)
    here = dict(zip(letters, [R * near, R * far, 0, 0, -R * near, R * far, 0, 0], strict=True))
    difference = sp.Matrix([R * _gap, 0, 0, 0])

    def tensor(flat: Any, wide: Any, along: Any) -> Any:
        return flat * sp.eye(4) + wide * difference * difference.T + along * axis * axis.T

    blocks = [[tensor(A, B, K_1), tensor(A_m, B_m, K_m)], [tensor(A_m, B_m, K_m), tensor(A, B, K_2)]]
    noise = sp.Matrix(sp.BlockMatrix(blocks))
    known = {y: total / (R**2 * sp.sqrt(2 + 2 * cosine))}

    def tidy(value: Any) -> Any:
        value = sp.expand(value)
        found = sp.Integer(0)
        for one in _TENSORS:
            part = sp.expand(sp.expand(value.coeff(one)).subs({z**4: (1 - x**2 - y**2) ** 2, z**2: 1 - x**2 - y**2}))
            part = sp.expand(part.subs(known).subs(cosine, 1 - _gap**2 / 2))
            found += one * sp.factor(part)
        return found

    def derivative(value: Any, *by: Any) -> Any:
        return sp.expand(sp.diff(value, *by).subs(here).subs(cosine, 1 - _gap**2 / 2))

    places = [one.subs(here).subs(cosine, 1 - _gap**2 / 2) for one in functions]
    d.verify("where they are", [sp.exp(places[0]), *places[1:]], [x, R**2 * y * sp.sqrt(4 - _gap**2), 1 - _gap**2 / 2])
    slopes = [sp.Matrix([derivative(one, letter) for letter in letters]) for one in functions]
    spread = [tidy((slopes[k].T * noise * slopes[n])[0]) for k in range(3) for n in range(k, 3)]
    many = [dim - 3 if place % 4 == 3 else 1 for place in range(8)]
    twice = [(i, j) for i in range(8) for j in range(i, 8) if noise[i, j] != 0]  # noise and curvatures are symmetric
    drift = [
        tidy(sum((half if i == j else 1) * many[i] * noise[i, j] * derivative(sloped, letters[j])
                 for i, sloped in enumerate(sp.diff(one, letter) for letter in letters) for k, j in twice if k == i))
        for one in functions
    ]  # fmt: skip
    return spread, drift


def _moves(d: Derivation, tensors: dict[Any, Any], spread: list[Any], drift: list[Any]) -> None:
    r"""The generated function. In what pushes a law, terms that are large where x is small are taken together."""
    d.say(
        r"""With $g = |\Delta|/R = \sqrt{2 - 2 c}$ these are, of $(\log x, M, c)$, and at $d \to \infty$ the
        drift is what noise in as many directions across does with projection (same page):"""
    )
    left = ["C_{xx}", "C_{xM}", "C_{xc}", "C_{MM}", "C_{Mc}", "C_{cc}"]
    names = dict(zip(_TENSORS, _TENSORS, strict=True))
    d.step("covariance", {one: value.subs(names) for one, value in zip(left, spread, strict=True)})
    d.step("drift", dict(zip(_DRIFTS, drift, strict=True)))
    _many(d, drift)
    d.say(
        r"""What of noise moves a law but for the law's own slopes (page The threshold on the sphere with noise) is
        $a_k = b_k - \frac12 \sum_l \partial_l C_{kl} - \frac12 C_{kx}$, where the last is there since the density is
        that of $x$; the drift of $x$ itself, over $x$, is $b_x + \frac12 C_{xx}$. The derivatives, in $\log x$, $M$
        and $c$, go through $\psi$, $\psi'$ and $G$ too."""
    )
    rows = [[spread[place] for place in some] for some in ((0, 1, 2), (1, 3, 4), (2, 4, 5))]
    of_x = sum(one * sp.factor(sp.expand(drift[0].coeff(one) + spread[0].coeff(one) / 2)) for one in _TENSORS)
    back = {_gap: sp.sqrt(2 - 2 * cosine)}
    seen = {one: value.xreplace(back) for one, value in tensors.items()}
    push = [_push(drift[k], row, seen, back) for k, row in enumerate(rows)]
    given = [one.xreplace(back).xreplace(seen) for one in (*spread, of_x, *drift[1:])]
    d.output(
        "pair_diffusion", valued([*given, *push], SEEN),
        [*left, r"b_x + \tfrac12 C_{xx}", *_DRIFTS[1:], "a_x", "a_M", "a_c"],
        "of noise of strength 1: covariances of log x, m1 + m2 and c in the order xx, xM, xc, MM, Mc, cc; drifts "
        "of x over x, of m1 + m2 and of c; what moves a law of (x, M, c) but for its slopes", report=False,
    )  # fmt: skip
    _turned(d, of_x, {one: value for one, value in seen.items() if one not in (K_1, K_2, K_m)})


def _turned(d: Derivation, of_x: Any, tensors: dict[Any, Any]) -> None:
    d.say(
        r"""**How fast a direction is forgotten.** The drift of a cosine holds for any fixed axis that the noise does
        not know of ($K = 0$). With that of $\mu_1 - \mu_2$ at a given time, $x = 1$ and $M = 0$, it is what the mean
        cosine of the direction with the one of old falls by; of $d - 2$ directions across the plane of the means, in
        which the pair turns as a whole:"""
    )
    of_plane = {x: 1, total: 0, K_1: 0, K_2: 0, K_m: 0}
    rate = sp.factor(-of_x.subs(of_plane).subs(_gap, sp.sqrt(2 - 2 * cosine)))
    away = 2 * R**2 * (1 - cosine)
    d.check("of many directions", sp.expand(rate).coeff(dim), sp.simplify(2 * (A - A_m) / (2 * away)),
            shown=r"\lim_{d \to \infty} \frac1d \frac{d}{dt} \log E[\hat\Delta \cdot a]")  # fmt: skip
    d.say(
        r"""A collapsed pair that is held near a mode, with $\mu_1 + \mu_2$ along the axis ($y = 1$), $x \to 0$ and
        $k$ the cosine of half its angle, lets $\log x$ grow in the clock by"""
    )
    half_angle, steep = sp.Symbol("k", positive=True), sp.Function("psi'")(R)
    held = {x: 0, total: 2 * R**2 * half_angle, cosine: 2 * half_angle**2 - 1, slope: R**2 * steep, psi_2: psi_1}
    growth = sphere_flow().outputs["sphere_pair_flow"].value[0].subs(held)
    d.check("of a held pair", sp.expand(growth),
            sp.expand((R**2 * steep * (1 - half_angle**2) - half_angle * psi_1) / 2),
            shown=r"\frac{d \log x}{d\tau}")  # fmt: skip
    d.output("difference_turning", valued(rate.xreplace(tensors), SEEN), r"\lambda_\Delta",
             "rate at which noise of strength 1 takes the mean cosine of mu_1 - mu_2 with its direction of old",
             report=False)  # fmt: skip


def _push(drift: Any, row: list[Any], seen: dict[Any, Any], back: dict[Any, Any]) -> Any:
    """b_k less half of the divergence of row k of the covariance and of its first entry, with the tensors' values."""
    value = sp.Integer(0)
    for one in _TENSORS:
        by_x, by_total, by_cosine = (entry.coeff(one) for entry in row)
        spread = x * sp.diff(by_x, x) + sp.diff(by_total, total) - sp.diff(by_cosine, _gap) / _gap  # dg/dc = -1/g
        value += sp.factor(sp.expand(drift.coeff(one) - by_x / 2 - spread / 2)).xreplace(back) * seen[one]
        slopes = x * sp.diff(seen[one], x), sp.diff(seen[one], total), sp.diff(seen[one], cosine)
        for factor, by in zip((by_x, by_total, by_cosine), slopes, strict=True):
            value -= factor.xreplace(back) * by / 2
    return value


def _many(d: Derivation, drift: list[Any]) -> None:
    """The part of the drift that has the factor d, from what a step in many directions does to lengths."""
    after = component_noise().outputs["after_projection"].value
    strength = sp.Symbol("epsilon", positive=True)
    known = {symbol("across_variance"): 2 * strength * (A - A_m), symbol("sum_variance"): 2 * strength * (A + A_m)}
    moved, turned, shrunk = (one.subs(known, simultaneous=True) for one in after)
    steps = [sp.diff(one, strength).subs(strength, 0) for one in (sp.log(turned), total * shrunk, moved)]
    count = symbol("directions")
    whole = [sp.expand(one).coeff(dim).subs(_gap, sp.sqrt(2 - 2 * cosine)) for one in drift]
    d.check("of many directions", whole, [sp.simplify(one / count) for one in steps],
            shown=[rf"\lim_{{d \to \infty}} {one}/d" for one in _DRIFTS])  # fmt: skip
