r"""How long alignment survives the noise of gradients, and how far noise moves the threshold of collapse.

Source: theory section 12.  Output: what noise along a critical run does to the threshold and to P, to leading order in
eta/B; at a constant temperature the rate at which alignment grows, and the noise above which it does not.
"""

from functools import cache

import sympy as sp

from derivations.alignment import derive as alignment
from derivations.core import Derivation
from derivations.gradient_noise import across_variance, dim, score
from derivations.gradient_noise import derive as equal_noise
from derivations.symbols import (
    D,
    Gamma_1,
    R,
    across2,
    attraction,
    beta,
    cos2,
    delta,
    overlap,
    perp,
    rho,
    sin2,
    symbol,
    t,
    w_1,
)  # fmt: skip

p_rho, p_D, along = symbol("by_alignment"), symbol("by_distance"), symbol("noise_variance")
p_s, of_centre = symbol("by_centre"), symbol("centre_variance")
kappa, noise, place = symbol("escape_rate"), symbol("noise_scale"), symbol("error_argument")
blur, zero_growth, power = symbol("centre_blur"), symbol("zero_growth"), symbol("threshold_power")
shift, width, aligned = symbol("noise_shift"), symbol("noise_width"), symbol("aligned_shift")
half = sp.Rational(1, 2)


@cache
def derive() -> Derivation:
    """From the law of the direction to the threshold with noise."""
    d = Derivation("alignment_noise", "theory section 12", "How long alignment survives")
    _direction(d)
    _held(d)
    _cold(d)
    _heated(d)
    _threshold(d)
    _chance(d)
    _beyond(d)
    _bent(d)
    return d


def _pace() -> sp.Expr:
    """Of the clock, at equal weights."""
    return alignment().outputs["clock_pace"].value.subs({w_1: half, Gamma_1: 1, attraction: beta})


def _direction(d: Derivation) -> None:
    d.say(
        r"""Steps of $\eta$ on batches of $B$ add noise of the variance $\epsilon V$, $\epsilon = \eta/B$, to each
        direction of $\Delta$ in a unit of time (page The noise of the gradient). **The direction of $\Delta$** is
        then a Brownian motion on the sphere, as fast as $\epsilon V/|\Delta|^2$. Ito's formula for its product with
        any fixed $a$, here the one at a given time:"""
    )
    letters, fixed = sp.symbols("Delta_1:5", real=True), sp.symbols("a_1:5", real=True)
    length = sp.sqrt(sum(one**2 for one in letters))
    product = sum(one * other for one, other in zip(letters, fixed, strict=True)) / length
    drift = noise * across_variance / 2 * sum(sp.diff(product, one, 2) for one in letters)
    rate = noise * (dim - 1) * across_variance / (2 * D**2)
    d.check("drift of the cosine, d = 4", sp.simplify(drift / product), sp.simplify(-rate.subs({dim: 4, D: length})),
            shown=r"\frac{\mathrm{drift}}{\hat\Delta \cdot a}")  # fmt: skip
    d.say("So the mean cosine with the direction of old falls exponentially, exactly, where $|\\Delta|$ is held:")
    survival = sp.exp(-rate * t)
    d.verify("its equation", sp.diff(survival, t), -rate * survival)
    d.output("direction_survival", survival, r"\mathbb{E}[\hat\Delta(t) \cdot \hat\Delta(0)]",
             "mean cosine of Delta's direction with that a time t before, at a held length")  # fmt: skip


def _held(d: Derivation) -> None:
    d.say(
        r"""**A collapsed pair that is held apart** at a constant temperature has $4 G(D_T) = \beta$ (section 7). The
        noise across is then"""
    )
    across = equal_noise().outputs["noise_across"].value
    held = sp.expand(across.subs(overlap, beta / 4))
    d.check("plain", held.subs(score, 1), beta * (1 - beta) / 2, shown=r"V\big|_{\chi=1}")
    d.check("path", held.subs(score, 0), (1 - beta) ** 2 / 2, shown=r"V\big|_{\chi=0}")
    d.output("held_noise", sp.collect(held, score), "V", "variance across of a collapsed pair held apart, batches of 1")
    d.say(
        r"""The target lets $\log\rho$ grow by $\kappa^\star$ per unit of the clock $d\tau = \beta\,dt/2$, and noise
        takes the drift of $\log|\Delta_\perp|$ (page The noise of the gradient) of a typical run:"""
    )
    growth = _pace() * kappa - noise * (dim - 3) * across_variance / (2 * D**2)
    d.output("alignment_growth", growth, r"\frac{d}{dt} \log\rho", "growth of a typical log rho with noise, tempered")
    limit = 2 * _pace() * kappa * D**2 / ((dim - 3) * across_variance)
    d.verify("no growth", sp.simplify(growth.subs(noise, limit)), sp.Integer(0))
    d.output("most_noise", limit, r"\epsilon_{\max}", "eta/B above which alignment of a held pair does not grow")


def _cold(d: Derivation) -> None:
    d.say(
        r"""**At $T = 1$** the pair comes together like $|\Delta|^2 = 4/t$, and plain noise vanishes with it. By
        $G = 1/4 - D^2/16 + O(D^4)$ (slope $-1/4$ in $X = D^2/4$ at a joint place), and $D^2 = |\Delta_\perp|^2 (1 +
        \rho^2)$:"""
    )
    cold = equal_noise().outputs["noise_across"].value.subs({score: 1, beta: 1})
    near = sp.expand(cold.subs(overlap, sp.Rational(1, 4) - D**2 / 16))
    d.verify("the pair's own rate", sp.expand(2 * (2 * (sp.Rational(1, 4) - D**2 / 16) - half) * D**2), -(D**4) / 4)
    d.check("plain noise of a cold pair, to leading order", near, D**2 / 8, shown="V")
    loss = noise * (dim - 3) * near.subs(D, perp * sp.sqrt(1 + rho**2)) / (2 * perp**2)
    quiet = _pace().subs(beta, 1) * kappa
    growth = quiet - loss
    closed = quiet - noise * (dim - 3) * (1 + rho**2) / 16
    d.check("growth of a typical log rho", sp.expand(growth), sp.expand(closed),
            shown=r"\frac{d}{dt} \log\rho")  # fmt: skip
    d.output("cold_noise", D**2 / 8, "V", "variance across of a cold collapsed pair, plain gradients, to leading order")
    held = 2 * quiet * D**2 / ((dim - 3) * D**2 / 8)
    most = 16 * quiet / (dim - 3)
    d.check("largest noise", sp.simplify(held), most, shown=r"\epsilon_{\max}")
    cap = sp.sqrt(most / noise - 1)
    d.verify("no growth at the cap", sp.simplify(growth.subs(rho, cap)), sp.Integer(0))
    d.say(
        r"""So the length is gone from it: plain noise takes alignment at a rate that does not depend on how long the
        pair has been cold. Above $\epsilon = 8\kappa^\star/(d - 3)$ a cold pair loses what it has, and below that
        it gains no more than a cap. A path gradient has no noise across at T = 1."""
    )
    start = symbol("across_square")
    square = 4 / (t + 4 / start)
    d.verify("a pair comes together at T = 1", sp.simplify(sp.diff(square, t) + square**2 / 4), sp.Integer(0))
    d.output("cold_square", square, r"|\Delta_\perp|^2", "squared length of a collapsed pair after a time t at T = 1")
    d.output("cold_cap", cap, r"\rho_{\max}", "rho beyond which a cold pair is not aligned, plain gradients")


def _heated(d: Derivation) -> None:
    d.say(
        r"""**When heat comes**, at once, the push enlarges $|\Delta_\perp|^2$ by $1 - \beta$ per unit of time, and
        noise adds to it, with $V = (1 - \beta)^2/2$ of a joint pair, plain and path alike. The push acts on
        $\delta$ too, so $\rho^2$ falls by what noise adds, carried back to the moment of the heat:"""
    )
    rise = 1 - beta
    later = sp.exp(rise * t) * (across2 + noise * (dim - 3) * rise / 2 * (1 - sp.exp(-rise * t)))
    d.verify("the length under both", sp.simplify(sp.diff(later, t) - rise * later - noise * (dim - 3) * rise**2 / 2),
             sp.Integer(0))  # fmt: skip
    left = 1 / sp.sqrt(1 + noise * (dim - 3) * rise / (2 * across2))
    d.output("heat_dilution", left, r"\frac{\rho_{\mathrm{after}}}{\rho}",
             "what is left of rho when a cold pair is heated at once")  # fmt: skip


def _threshold(d: Derivation) -> None:
    d.say(
        r"""**The threshold.** Let $p$ be the gradient, along a run on the separatrix, of a function that is zero on it:
        $\dot p = -J^T p$ with the flow's Jacobian $J$ in $(s, \log\rho, \log D)$. A kick is worth its product with
        $p$, over that of a unit of $\log\delta$ at the start, $p_\rho + \cos^2 p_D$ there. Noise across lengthens
        $|\Delta_\perp|$ at a fixed $\delta$; noise along moves $\delta$ at a fixed $|\Delta_\perp|$. In $(\log\rho,
        \log D)$ these are"""
    )
    across, gap = sp.symbols("r delta", positive=True)
    coordinates = sp.log(gap / (R * across)), sp.log(gap**2 / R**2 + across**2) / 2
    share = gap**2 / R**2 / (gap**2 / R**2 + across**2)  # cos^2 of the angle with the axis
    lengthened = [sp.simplify(across * sp.diff(one, across)) for one in coordinates]
    moved = [sp.simplify(gap * sp.diff(one, gap)) for one in coordinates]
    d.verify("a longer pair", lengthened, [sp.Integer(-1), sp.simplify(1 - share)])
    d.verify("a wider one", moved, [sp.Integer(1), sp.simplify(share)])
    d.step(
        "kicks in (log rho, log D)",
        {r"d\log|\Delta_\perp|": sp.Matrix([-1, sin2]), r"d\log\delta": sp.Matrix([1, cos2])},
    )
    worth = sum(one * by for one, by in zip((sp.Integer(1), cos2), (p_rho, p_D), strict=True))
    d.output("start_worth", worth, r"p \cdot d\log\delta",
             "what a unit of log delta at the start is worth, from the covector there", report=False)  # fmt: skip
    up = (p_rho - sin2 * p_D) * (dim - 3) * across_variance / (2 * perp**2)
    wide = (p_rho + cos2 * p_D) ** 2 * along / delta**2
    d.say(
        r"""The drift of $\log|\Delta_\perp|$ moves the critical $\log\delta$ of a start by $\epsilon M$, and noise
        along the axis gives the start's $\log\delta$ the variance $\epsilon W$: $M$ and $W$ are the integrals over
        time of the first two of these. The others measure what is left out: $A$, the part of $M$ from where the pair is
        aligned, and $U$, how much noise of $s$ blurs the critical $\log\delta$."""
    )
    d.output("threshold_moves", [up, wide, cos2 * up, p_s**2 * of_centre],
             [r"\dot M", r"\dot W", r"\dot A", r"\dot U"],
             "rates at which noise of strength 1 raises the critical log delta and widens the start's law; the part of "
             "the first that is due to aligned pairs; the blur by noise of s")  # fmt: skip
    linear = {p_rho: 1, p_D: 0}
    plain = (dim - 3) * across_variance / (2 * perp**2)
    d.check("while delta is small and lengths do not matter", up.subs(linear), plain,
            shown=r"\dot M")  # fmt: skip


def _chance(d: Derivation) -> None:
    d.say(
        r"""**$P$.** Without noise a start collapses with the chance $\mathrm{erf}\,x$, $x = \delta_c/(2 R \sigma)$.
        With it $\delta_c$ is larger by $e^{\epsilon M}$, and the normal law of $\delta$, in units of $\delta_c$, wider
        by $\epsilon W$, so that its variance grows by the factor $1 + 2 x^2 \epsilon W$. The chance is that of
        $x_\epsilon$,"""
    )
    moved = place * sp.exp(noise * shift) / sp.sqrt(1 + 2 * place**2 * noise * width)
    d.output(
        "noisy_argument", moved, r"x_\epsilon", "critical delta of a start with noise over its deviation, by sqrt(2)"
    )
    slope = sp.simplify(sp.diff(sp.erf(moved), noise).subs(noise, 0))
    closed = 2 * place * sp.exp(-(place**2)) / sp.sqrt(sp.pi) * (shift - place**2 * width)
    d.say("and to leading order that adds, times $\\epsilon$,")
    d.verify("the slope", sp.simplify(slope - closed), sp.Integer(0))
    d.output("chance_move", closed, r"\frac{dP}{d\epsilon}", "first-order change of a start's chance of collapse")
    d.say(
        r"""What is left out is of the second order in $\epsilon d$, and, of the first order in $\epsilon$, what has no
        factor $d$: noise of $s$ and of lengths, and the curvature of the separatrix."""
    )


def _beyond(d: Derivation) -> None:
    d.say(
        r"""**How far the order reaches.** A cold pair of $|\Delta|^2 = L^2$ that is heated at once has noise of the sum
        $\nu L^2$ added to $|\Delta_\perp|^2$, so that $\rho^2$ becomes $\rho^2/(1 + \nu (1 + \rho^2))$. To end with the
        critical $\rho_0$ it has to begin with"""
    )
    added, critical, before = sp.symbols("nu rho_0 rho", positive=True)
    square = critical**2 * (1 + added) / (1 - added * critical**2)
    kept = before**2 / (1 + added * (1 + before**2))
    d.check("rho^2 before the heat", sp.simplify(kept.subs(before, sp.sqrt(square))), critical**2, shown=r"\rho_0^2")
    exact = half * sp.log(1 + added) - half * sp.log(1 - added * critical**2)
    d.verify("the whole shift", sp.simplify(sp.exp(2 * exact)), sp.simplify(square / critical**2))
    first = sp.diff(exact, added).subs(added, 0) * added
    d.check("its first order", sp.expand(first), sp.expand(added * (1 + critical**2) / 2), shown=r"\epsilon M")
    d.say(
        r"""of which $\epsilon A = \nu\rho_0^2/2$ is due to alignment. Where that reaches $1/2$ noise adds more than is
        left across, and no start is saved, however aligned: an end that no order sees. The shift lies between
        $\frac12\log(1 + 2\epsilon M)$ and $\epsilon (M - A) - \frac12\log(1 - 2\epsilon A)$, for"""
    )
    spare = (1 + added) - (1 + added + added * critical**2) * (1 - added * critical**2)
    d.check("above the least", sp.expand(spare), sp.expand(added**2 * critical**2 * (1 + critical**2)),
            shown=r"(1 + \nu) - (1 + 2 \epsilon M)(1 - 2 \epsilon A)")  # fmt: skip
    most = noise * (shift - aligned) - half * sp.log(1 - 2 * noise * aligned)
    given = {noise: 1, shift: first, aligned: added * critical**2 / 2}
    d.check("below the most", sp.simplify(most.subs(given) - exact), added / 2 - half * sp.log(1 + added),
            shown=r"\mathrm{most} - \mathrm{shift}")  # fmt: skip
    d.say("and $\\log(1 + \\nu) \\le \\nu$. Both agree with $\\epsilon M$ to first order.")
    d.output("shift_bounds", [half * sp.log(1 + 2 * noise * shift), most],
             [r"x_{\mathrm{least}}", r"x_{\mathrm{most}}"],
             "least and largest shift of the critical log delta of a pair heated at once, by all noise")  # fmt: skip


def _bent(d: Derivation) -> None:
    d.say(
        r"""**What noise of $s$ may bend.** Near the unstable zero $s_u$ both grow at rates that no temperature changes,
        in the clock: $z = s - s_u$ at $K_u - 1$, $\log\rho$ at $K_u = R^2 \psi'(s_u)$. So the threshold is a power of
        the distance, $\delta_c = C |z|^a$, and always one above 1:"""
    )
    z, w = sp.symbols("z w", positive=True)
    exponent = zero_growth / (zero_growth - 1)
    kept = zero_growth - exponent * (zero_growth - 1)
    d.verify("the flow keeps what tells the fate", sp.simplify(kept), sp.Integer(0))
    d.check("above 1", sp.simplify(exponent - 1), 1 / (zero_growth - 1), shown="a - 1")
    d.output("threshold_power", exponent, "a", "power of the distance from the unstable zero that the threshold is")
    d.say(
        r"""Noise of $s$ along the run is, at the start, one normal kick of a variance $w$, and blurs $\log\delta_c$ by
        $b = \epsilon U = a^2 w/z^2$. Starts whose $\delta$ is spread widely collapse with the mean of $\delta_c$: its
        logarithm bends by $\Lambda = \log E|1 + \sqrt b\,\xi/a|^a$ with a standard normal $\xi$, to second order by"""
    )
    blurred = (sp.diff(power * sp.log(z), z) ** 2 * w).subs(w, blur * z**2 / power**2)
    d.verify("the blur", sp.simplify(blurred), blur)
    size = sp.Symbol("q", positive=True)  # the square root of b
    kick = sp.Symbol("xi", real=True)
    series = sp.series((1 + size * kick / power) ** power, size, 0, 3).removeO()
    normal = sp.exp(-(kick**2) / 2) / sp.sqrt(2 * sp.pi)
    mean = sp.expand(sp.integrate(sp.expand(sp.simplify(series)) * normal, (kick, -sp.oo, sp.oo)))
    d.check("second order", sp.simplify(mean - 1), sp.simplify(size**2 * (1 - 1 / power) / 2),
            shown=r"\Lambda")  # fmt: skip
    d.say(
        r"""By Jensen's inequality $\Lambda$ is not negative, as $a \ge 1$, and for $a \le 2$ it is at most $\frac a2$
        times the logarithm of the mean square; for larger $a$ it grows towards its limit,"""
    )
    square = sp.integrate(sp.expand((1 + size * kick / power) ** 2) * normal, (kick, -sp.oo, sp.oo))
    d.check("the mean square", sp.simplify(square), 1 + size**2 / power**2, shown=r"E(1 + \sqrt b\,\xi/a)^2")
    far = sp.limit((1 + size * kick / power) ** power, power, sp.oo)
    d.check("the limit", sp.simplify(sp.integrate(far * normal, (kick, -sp.oo, sp.oo))), sp.exp(size**2 / 2),
            shown=r"\lim_{a \to \infty} e^\Lambda")  # fmt: skip
    bend = power / 2 * sp.log(1 + blur / power**2)
    d.output("centre_bend", [bend, blur / 2], [r"\Lambda_2", r"\Lambda_\infty"],
             "most that noise of s bends the critical log delta by, for powers up to 2 and above")  # fmt: skip
