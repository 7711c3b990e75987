r"""The variance of the components while it is trained: its gradient, its limit in large dimension, and how it lags.

Source: theory section 11.  Output: the slope of the loss in a common variance, its rate in every dimension and the
derivatives of that, the rate in large dimension, its closed form while the temperature falls exponentially, and its
relaxation once the temperature rests.
"""

from functools import cache

import sympy as sp
from sympy.codegen.cfunctions import expm1

from derivations.alignment import gram_flow
from derivations.core import Derivation
from derivations.gradient import derive as gradient
from derivations.gradient import dim, mode_spread, own_spread
from derivations.symbols import (
    D,
    G,
    Gamma_1,
    Gamma_2,
    R,
    T,
    attraction,
    beta,
    information,
    m_1,
    m_2,
    overlap,
    overlap_prime,
    phi,
    psi_prime_1,
    psi_prime_2,
    psi_prime_widening_1,
    psi_prime_widening_2,
    repulsion,
    s_11,
    s_12,
    s_22,
    symbol,
    t,
    v,
    w_1,
    widening_1,
    widening_2,
)  # fmt: skip

T_0, kappa = symbol("initial_temperature"), symbol("cooling_rate")
exp, half = sp.exp, sp.Rational(1, 2)


@cache
def derive() -> Derivation:
    """From the gradient of the loss to the lag of the variance."""
    d = Derivation("sphere_variance", "theory section 11", "The trained variance")
    rate = _rate(d, _gradient(d))
    _lag(d, rate)
    _rest(d, rate)
    _free(d)
    return d


def _gradient(d: Derivation) -> sp.Expr:
    """dL/dv of two components of a common variance."""
    d.say(
        r"""**Gradient, exact in every dimension.** The slope in a common variance is the weighted mean over the
        components of $\tfrac{1}{2}[S^q_i/v^2 - d/v - \beta(S^p_i - d)]$ (page The gradient of the loss). For two
        components at the distance $D$ the spread of the means is $r_1 r_2 D^2$, and $w_1 \mathbb{E}_1[r_1 r_2] +
        w_2 \mathbb{E}_2[r_1 r_2] = \mathbb{E}_q[r_1 r_2]$, which is $G(D/\sqrt v)$. For the modes $\pm\mu^\star$ it is
        $4 R^2 r^\star_+ r^\star_- = R^2 \operatorname{sech}^2(x \cdot \mu^\star + h)$, whose mean under component $i$
        is $R^2 \psi'(m_i)$ (with $\sqrt v R$ in the place of $R$ inside the average):"""
    )
    r = sp.Symbol("r", positive=True)
    m_far, m_near = sp.symbols("a b", real=True)
    spread = r * m_far**2 + (1 - r) * m_near**2 - (r * m_far + (1 - r) * m_near) ** 2
    d.check(
        "spread of two points", spread, r * (1 - r) * (m_far - m_near) ** 2, shown=r"\sum_j r_j \mu_j^2 - (\ldots)^2"
    )
    label = sp.Symbol("u", real=True)
    up = exp(label) / (exp(label) + exp(-label))
    d.check("the modes' share of it", 4 * up * (1 - up), (1 / sp.cosh(label) ** 2).rewrite(exp),
            shown=r"4 r^\star_+ r^\star_-")  # fmt: skip
    first, second, label_error = sp.symbols("S_1 S_2 g", positive=True)
    general = gradient().outputs["variance_slope"].value
    slopes = [general.subs({own_spread: own, mode_spread: R**2 * slope})
              for own, slope in ((first, psi_prime_1), (second, psi_prime_2))]  # fmt: skip
    total = (w_1 * slopes[0] + (1 - w_1) * slopes[1]).subs(second, (D**2 * label_error - w_1 * first) / (1 - w_1))
    shown = (
        D**2 * label_error / v**2 - dim / v + beta * (dim - R**2 * (w_1 * psi_prime_1 + (1 - w_1) * psi_prime_2))
    ) / 2
    d.verify("the weighted mean over the components", total, shown)
    d.step("Slope of the loss in a common variance, G at D/sqrt(v)", shown.subs({label_error: overlap, beta: 1 / T}),
           r"\partial L/\partial v", name="pair_variance_gradient")  # fmt: skip
    return shown.subs({label_error: sp.Symbol("g", positive=True), w_1: half})


def _rate(d: Derivation, gradient: sp.Expr) -> sp.Expr:
    """The rate in large dimension, from the step that training makes."""
    d.say(
        r"""**Steps.** Training makes $v_i \leftarrow v_i (1 - 2 \eta T\, \partial_{v_i} L/d)^2$, a step in the metric
        of optimal transport. For small $\eta$ this is the flow $\dot v_i = -4 v_i T\, \partial_{v_i} L/d$ in the time
        of the free energy, $\eta$ times the steps. For $w_1 = w_2$ half of $\partial_v L$ falls to each component as
        long as their variances agree (their parts differ by $\psi'(m_1) - \psi'(m_2)$, of order $1/d$ in the rate):"""
    )
    eta, part = sp.symbols("eta L_v", positive=True)
    step = v * (1 - 2 * eta * T * part / dim) ** 2
    d.check("rate of a small step", sp.diff(step, eta).subs(eta, 0), -4 * v * T * part / dim,
            shown=r"\partial_\eta v|_{\eta = 0}")  # fmt: skip
    exact = (-4 * v * T * part / dim).subs(part, gradient.subs(beta, 1 / T) / 2)
    g = sp.Symbol("g", positive=True)
    bent = v * R**2 * (psi_prime_1 + psi_prime_2) / 2 - T * D**2 * g / v
    d.check("rate of the variance at any dimension", exact, (T - v) + bent / dim, shown=r"\dot v")
    bend, factor = R**2 * (psi_prime_1 + psi_prime_2) / 2 - T * D**2 * overlap / v**2, symbol("variance_bend")
    growth = T / v - 1 + factor / dim
    d.verify("of its logarithm", exact / v, growth.subs(factor, bend.subs(overlap, g)))
    d.output("variance_bend", bend, "B", "d times what the rate of log v in d dimensions has beyond that in large ones")
    d.output("common_variance_growth", growth, r"\frac{d \log v}{d\tau}",
             "rate of the logarithm of a common trained variance in any dimension, equal weights")  # fmt: skip
    _slopes(d, growth, bend)
    _bounds(d, growth)
    rate = sp.limit(exact, dim, sp.oo)
    rate = d.check("in large dimension", rate, T - v, shown=r"\lim_{d \to \infty} \dot v")
    d.say(
        r"""What is left out is of order $1/d$, whose factor is $v B$. Under the tempered target everything is $\beta$
        times as fast, so that the same equation holds in the clock $\int \beta\,dt$, in which the pull of the target
        has the rate that it has under the free energy."""
    )
    d.output("variance_rate", rate, r"\dot v", "rate of the trained variance in large dimension, equal weights")
    return rate


def _bounds(d: Derivation, growth: sp.Expr) -> None:
    """Between which a trained variance stays that goes after temperatures between two."""
    d.say(
        r"""**Bounds.** $\psi'$ is at most the integral of $\operatorname{sech}^2$ times the largest density of
        $R \sqrt v z$, and $G$ at most $e^{-z^2/8}/4$ at $D = z \sqrt v$. So $B$ is at most $R \sqrt{2/\pi}/\sqrt v$
        and at least $-2 T/(e v)$, and $v$ does not grow beyond where the one balances the rate, nor fall below where
        the other does:"""
    )
    u, z = sp.Symbol("u", real=True), sp.Symbol("z", positive=True)
    steepest = sp.integrate(1 / sp.cosh(u) ** 2, (u, -sp.oo, sp.oo)) / (R * sp.sqrt(2 * sp.pi * v))
    pull = R * sp.sqrt(2 / sp.pi)
    d.check("largest pull", R**2 * steepest, pull / sp.sqrt(v), shown=r"\max R^2 \psi'")
    push = z**2 * sp.exp(-(z**2) / 8) / 4
    (top,) = sp.solve(sp.diff(push, z), z)
    d.check("largest push", push.subs(z, top), 2 / sp.E, shown=r"\max D^2 G/v")
    part = pull / dim
    high, low = (part + sp.sqrt(part**2 + 4 * T)) ** 2 / 4, T * (1 - 2 / (sp.E * dim))
    bend = symbol("variance_bend")
    d.verify("where the largest pull balances", growth.subs(bend, pull / sp.sqrt(v)).subs(v, high), sp.Integer(0))
    d.verify("where the largest push does", growth.subs(bend, -2 * T / (sp.E * v)).subs(v, low), sp.Integer(0))
    d.output("variance_ceiling", high, r"v_\mathrm{max}", "what a trained variance does not exceed at temperatures up "
             "to this", report=False)  # fmt: skip
    d.output("variance_floor", low, r"v_\mathrm{min}", "what a trained variance does not fall below at temperatures "
             "from this on", report=False)  # fmt: skip


def _slopes(d: Derivation, growth: sp.Expr, bend: sp.Expr) -> None:
    """The derivatives of the rate of log v in d dimensions, by what its state and averages are functions of."""
    d.say(
        r"""For an implicit method, its derivatives by the state of a pair on the sphere (page Means on the sphere). By
        the heat equation $\psi''(m_i)$ is $2/(R^2 v)$ times the slope of $\psi(m_i)$ in $\log v$."""
    )
    x, total, cosine = symbol("difference_cosine"), symbol("overlap_sum"), symbol("pair_cosine")
    rate = growth.subs(symbol("variance_bend"), bend)
    log_x, apart = sp.Symbol("log_x", real=True), R * sp.sqrt(2 * (1 - cosine))
    places = [(total + sign * sp.exp(log_x) * R * apart) / 2 for sign in (1, -1)]
    by_prime = [sp.diff(rate, one) * 2 * widened / (R**2 * v)
                for one, widened in ((psi_prime_1, widening_1), (psi_prime_2, widening_2))]  # fmt: skip
    d.verify("the second derivative by the heat equation", by_prime[0] * dim, widening_1 / v)
    by_distance = sp.diff(rate, D) + sp.diff(rate, overlap) * overlap_prime / sp.sqrt(v)
    by_state = [
        sum(share * sp.diff(place, letter) for share, place in zip(by_prime, places, strict=True))
        + by_distance.subs(D, apart) * sp.diff(apart, letter)
        for letter in (log_x, total, cosine)
    ]
    by_variance = (
        v * sp.diff(rate, v) - sp.diff(rate, overlap) * overlap_prime * D / (2 * sp.sqrt(v))
        + sp.diff(rate, psi_prime_1) * psi_prime_widening_1 + sp.diff(rate, psi_prime_2) * psi_prime_widening_2
    )  # fmt: skip
    gap, near = widening_1 - widening_2, D * overlap_prime / sp.sqrt(v)
    row = [
        x * R * D * gap / (2 * v * dim),
        (widening_1 + widening_2) / (2 * v * dim),
        (T * R**2 / v**2 * (2 * overlap + near) - x * R**3 * gap / (2 * v * D)) / dim,
        (R**2 * (psi_prime_widening_1 + psi_prime_widening_2) / 2 + T * D**2 / v**2 * (2 * overlap + near / 2)) / dim
        - T / v,
        1 / v - D**2 * overlap / (v**2 * dim),
    ]
    by_state = [one.subs(sp.exp(log_x), x) for one in by_state]
    d.verify("by the chain rule", by_state, [one.subs(D, apart) for one in row[:3]])
    d.verify("by log v and T", row[3:], [by_variance, sp.diff(rate, T)])
    d.output("common_variance_slopes", row, r"\partial",
             "derivatives of the rate of log v in d dimensions, by log x, m1 + m2, the pair's cosine, log v and T",
             report=False)  # fmt: skip


def _lag(d: Derivation, rate: sp.Expr) -> None:
    """The closed form while T = T0 exp(-kappa t)."""
    d.say(
        r"""**Lag.** While $T = T_0 e^{-\kappa t}$ and from $v(0) = T_0$ the variance follows
        $T_0 (e^{-\kappa t} - \kappa e^{-t})/(1 - \kappa)$, here in a form that loses no digits for $\kappa$ close to
        1:"""
    )
    temperature = T_0 * exp(-kappa * t)
    plain = T_0 * (exp(-kappa * t) - kappa * exp(-t)) / (1 - kappa)
    d.check("it obeys the equation", sp.diff(plain, t), rate.subs({v: plain, T: temperature}), shown=r"\dot v")
    d.check("it starts at the temperature", plain.subs(t, 0), T_0, shown="v(0)")
    steady = temperature * (1 - kappa * expm1((kappa - 1) * t) / (1 - kappa))
    d.check("without cancellation", steady.replace(expm1, lambda u: exp(u) - 1), plain, shown="v")
    d.output("lagging_variance", steady, "v", "trained variance while the temperature falls exponentially",
             (kappa, t, T_0))  # fmt: skip
    even = T_0 * (1 + t) * exp(-t)
    d.check("at kappa = 1 it obeys the equation", sp.diff(even, t), rate.subs({v: even, T: T_0 * exp(-t)}),
            shown=r"\dot v")  # fmt: skip
    d.check("and is the limit of the others", sp.limit(plain, kappa, 1), even, shown=r"\lim_{\kappa \to 1} v")
    d.output("lagging_variance_even", even, "v", "the same where the temperature falls at the rate 1", (t, T_0))
    slow = sp.Symbol("k", positive=True)  # 1 - kappa
    ratio = sp.simplify((plain / temperature).subs(kappa, 1 - slow))
    d.check("for kappa < 1 it stays above the temperature", sp.limit(sp.expand(ratio), t, sp.oo), 1 / slow,
            shown=r"\lim_{t \to \infty} v/T \quad (1 - \kappa = k > 0)")  # fmt: skip
    d.check("slaved for slow cooling", sp.limit(plain, kappa, 0), T_0, shown=r"\lim_{\kappa \to 0} v")
    d.say(
        r"""The last limit is the paper's approximation, $v = T$ ("slaved"): exact for $\kappa \to 0$, and behind by the
        factor $1/(1-\kappa)$ otherwise."""
    )


def _rest(d: Derivation, rate: sp.Expr) -> None:
    """The relaxation at a constant temperature."""
    d.say(r"""**Rest.** At a constant temperature, from $v_0$ on, for the time $t$ that has passed since:""")
    v_0 = symbol("initial_variance")
    relaxed = T + (v_0 - T) * exp(-t)
    d.check("it obeys the equation at rest", sp.diff(relaxed, t), rate.subs(v, relaxed), shown=r"\dot v")
    d.check("and starts there", relaxed.subs(t, 0), v_0, shown="v(0)")
    d.output("relaxing_variance", relaxed, "v", "trained variance a time after the temperature came to rest",
             (T, t, v_0))  # fmt: skip


def _free(d: Derivation) -> None:
    """What such a variance would do to free means."""
    d.say(
        r"""**Free means with such a variance.** The equations close as well, with $\psi(m; v)$ and $(T/v)\,G(D/\sqrt
        v)$, but heat has nothing to act on. The distance of a pair across the axis ($m_1 = m_2$) changes, for equal
        weights and in the time of the free energy, at"""
    )
    distance = sp.sqrt(s_11 + s_22 - 2 * s_12)
    loss = -repulsion * information(distance / sp.sqrt(v)) + attraction * (
        w_1 * (s_11 / 2 - phi(m_1)) + (1 - w_1) * (s_22 / 2 - phi(m_2))
    )
    known = {attraction: 1, repulsion: T, w_1: half, Gamma_1: 1, Gamma_2: 1}
    _, _, d11, d12, d22 = (one.subs(known).subs(m_2, m_1) for one in gram_flow(loss))
    growth = (d11 + d22 - 2 * d12) / (2 * (s_11 + s_22 - 2 * s_12))
    label = G(distance / sp.sqrt(v))
    d.check("growth of the distance", growth, 2 * T / v * label - half, shown=r"\dot D/D")
    d.check("at no distance, where G is largest", (2 * T / v * label - half).subs(label, half**2), (T / v - 1) / 2,
            shown=r"\max_D \dot D/D")  # fmt: skip
    d.say(
        r"""$G$ is at most the variance $\tfrac14$ of a label, and a variance that is the temperature, or lags behind a
        falling one, is never below it: $T/v \le 1$, and the distance falls at every temperature. No heat parts a
        pair, there is no critical temperature, and the package does not offer this model. Means on the sphere are held
        apart from the origin, which is why the push can turn them."""
    )
