r"""The singular arc: which temperature a best schedule has while an aligned pair passes the fold.

Source: theory section 12.  Output: the temperature of the arc as a function of the state, and what tells whether a best
schedule may stay on it.
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations.alignment import divided_growth, length_rate, reduced_rates
from derivations.core import Derivation, jacobian, valued
from derivations.symbols import (
    D,
    G,
    R,
    T,
    cos2,
    delta,
    ell,
    m_1,
    m_2,
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
    q,
    s,
    symbol,
    w_1,
    x_rho,
)  # fmt: skip

K, f, H = sp.Function("K"), sp.Function("f"), sp.Function("h")
g = sp.Function("G")(ell)
c2 = sp.Function("c^2")(x_rho)
p_s, p_x, p_l, T_h = sp.symbols("p_s p_x p_ell T_h", real=True)
STATE = s, x_rho, ell
sin2 = symbol("sine_squared")
_PLACES = ("", "_by_s", "_by_log", "_by_s_log", "_by_log_log")
RATES = tuple(symbol(f"centre_rate{place}") for place in _PLACES)
GROWTHS = (symbol("slope"), *(symbol(f"slope{place}") for place in _PLACES[1:]))


@cache
def derive() -> Derivation:
    """The distance as the control, the momenta of the arc, its temperature, and the condition that it be best."""
    d = Derivation("singular_arc", "theory section 12", "The singular arc")
    _distance_is_the_control(d)
    _same_as_switching(d)
    _in_letters(d)
    return d


def _holding(cosine_squared: Any, growth: Any, label: Any) -> Any:
    """The temperature at which the distance stays where it is."""
    return sp.solve(length_rate(label, q, cosine_squared, growth), T)[0]


def _distance_is_the_control(d: Derivation) -> None:
    d.say(
        r"""Equal weights, or any in the natural metric: $(s, x = \log\rho, \ell = \log D)$ move in the clock $\tau$ as
        section 4 says, with $q = w_1 w_2$. A unit of clock costs $T$ under the tempered target, in units of what it
        costs at $T = 1$. The distance stays where it is at the *holding temperature*"""
    )
    held = _holding(c2, K(*STATE), g)
    d.step("temperature that holds the distance", held, "T_h", name="holding_temperature")
    rate = length_rate(g, q, c2, K(*STATE))
    d.check("so the temperature is told by how the distance moves", held + q / g * rate, T,
            shown=r"T_h + \frac{q}{G} \dot \ell")  # fmt: skip
    d.say(
        r"""The cost $\int T d\tau$ is thus $\int T_h d\tau$ and $\int q\,d\ell/G$. The second is a difference of its
        values at both ends of the run, whatever lies between. Where the temperature is free, between the lowest and
        the highest, the distance may follow any path: it is the control, of $s$ and $x$ alone, and a
        unit of clock costs the temperature that holds it. Pontryagin's Hamiltonian of these two,"""
    )
    d.step("Hamiltonian with the distance as the control", p_s * f(*STATE) + p_x * K(*STATE) - T_h, "h",
           name="arc_hamiltonian")  # fmt: skip
    d.say(
        r"""is largest in $\ell$ along the path, and 0, as the end is free in time: $h = 0$, $\partial_\ell h = 0$,
        $\partial_\ell^2 h \le 0$ (Legendre and Clebsch). Under the free energy a unit of clock costs 1 at any
        temperature: 1 stands for $T_h$, and the ends cost nothing. The first two are linear in the momenta:"""
    )
    names = [_derivatives(name) for name in ("f", "K", "T_h")]
    price_s, price_x = _momenta(*names)
    d.step("momenta on the arc", {p_s: price_s, p_x: price_x}, name="arc_momenta")
    d.say(r"""$\partial_\ell h$ stays 0 while $s$, $x$ and both momenta move, which tells how the distance moves:""")
    d.step("temperature on the arc", _temperature(_derivatives("h"), *names[:2], T_h, g), "T", name="arc_temperature")


def _same_as_switching(d: Derivation) -> None:
    d.say(
        r"""These are the conditions of the page [The best schedule](optimal_schedule.md): its switching function
        $\sigma$, its slope and its Hamiltonian vanish. With $p_\ell = q/G$, where $\sigma = p_\ell G/q - 1$ is 0,
        (free energy: $p_\ell = 0$, where $\sigma = p_\ell G/q$ is)"""
    )
    held = _holding(c2, K(*STATE), g)
    for cost, pushed, rate in ((T, q / g, held), (sp.Integer(1), sp.Integer(0), sp.Integer(1))):
        whole = p_s * f(*STATE) + p_x * K(*STATE) + p_l * length_rate(g, q, c2, K(*STATE)) - cost
        reduced = p_s * f(*STATE) + p_x * K(*STATE) - rate
        _compare(d, whole, reduced, {p_l: pushed}, shown=cost == T)
    d.say(
        r"""then $\dot\sigma = -(G/q)\, \partial_\ell h$, and where that is 0
        $\partial\ddot\sigma/\partial T = -(G/q)^2\, \partial_\ell^2 h$: what Legendre and
        Clebsch ask for is Kelley's condition for a singular arc, $\partial\ddot\sigma/\partial T \ge 0$. The
        temperature above is where $\ddot\sigma = 0$. All four are proved with the rest, for both objectives."""
    )


def _compare(d: Derivation, whole: Any, reduced: Any, on_arc: dict[Any, Any], *, shown: bool) -> None:
    """What the Hamiltonian of the temperature and its switching function are where the latter is 0."""
    momenta = dict(zip(STATE, (p_s, p_x, p_l), strict=True))
    sigma, factor = sp.diff(whole, T), g / q
    steepness = sp.diff(reduced, ell)

    def slope(function: Any) -> Any:
        moved = sum(sp.diff(function, one) * sp.diff(whole, momenta[one]) for one in STATE)
        return moved - sum(sp.diff(function, momenta[one]) * sp.diff(whole, one) for one in STATE)

    d.verify("the switching function is 0", sp.expand(sigma.subs(on_arc)), sp.Integer(0))
    d.verify("the Hamiltonian is the same", sp.expand(whole.subs(on_arc)), sp.expand(reduced))
    d.verify("slope of the switching function", sp.expand(slope(sigma).subs(on_arc)), sp.expand(-factor * steepness))
    if shown:
        d.check("the Hamiltonian is the same", sp.expand(whole.subs(on_arc)), sp.expand(reduced), shown="H")
    twice = sp.expand(slope(slope(sigma)).subs(on_arc).doit())
    bend = -(factor**2) * sp.diff(steepness, ell) - factor * sp.diff(factor, ell) * steepness  # 0 in part on the arc
    d.verify("Kelley's condition", sp.diff(twice, T), sp.expand(bend))
    letters = [{name: sp.diff(one, *by) if by else one for name, by in _ways(STATE).items()}
               for one in (reduced, f(*STATE), K(*STATE))]  # fmt: skip
    found = _temperature(*letters, _holding(c2, K(*STATE), g), g)
    flat = sp.solve(steepness, p_x)[0]
    d.verify("the temperature keeps the slope of the switching function at 0", twice.subs(T, found).subs(p_x, flat),
             sp.Integer(0))  # fmt: skip


def _ways(state: tuple[Any, ...]) -> dict[str, tuple[Any, ...]]:
    """By what a function of the state is differentiated, in the names of `_derivatives`."""
    by_s, by_x, by_l = state
    return {
        "": (),
        "s": (by_s,),
        "x": (by_x,),
        "l": (by_l,),
        "ls": (by_l, by_s),
        "lx": (by_l, by_x),
        "ll": (by_l, by_l),
    }


def _derivatives(name: str) -> dict[str, Any]:
    """The letters of a function and of its derivatives, by their variables."""
    drawn = {"s": "s", "x": "x", "l": r"{\ell}"}

    def letter(place: str) -> Any:
        over = "".join(rf"\partial_{drawn[one]} " for one in place)
        return sp.Symbol(rf"{{{over}{name}}}", real=True)

    return {place: letter(place) for place in _ways(STATE)}


def _momenta(rate: dict[str, Any], growth: dict[str, Any], cost: dict[str, Any]) -> tuple[Any, Any]:
    """What solves h = 0 and h_l = 0."""
    below = rate[""] * growth["l"] - growth[""] * rate["l"]
    return (
        (cost[""] * growth["l"] - growth[""] * cost["l"]) / below,
        (rate[""] * cost["l"] - cost[""] * rate["l"]) / below,
    )


def _temperature(h: dict[str, Any], rate: dict[str, Any], growth: dict[str, Any], held: Any, push: Any) -> Any:
    """T_h + (q/G) dl/dtau, from d(h_l)/dtau = 0."""
    moved = rate["l"] * h["s"] + growth["l"] * h["x"] - rate[""] * h["ls"] - growth[""] * h["lx"]
    return held + q / push * moved / h["ll"]


def _in_letters(d: Derivation) -> None:
    _slopes(d)
    rate, growth = _along_state(RATES), _along_state(GROWTHS)
    length = sp.Symbol("length", real=True)
    # G and c^2 K along the state, as functions with the values and derivatives that the letters have
    along = {
        "": _holding(cos2, GROWTHS[0], overlap),
        "s": -q * cos2 * growth["s"] / overlap,
        "x": -q * (2 * cos2 * sin2 * growth[""] + cos2 * growth["x"]) / overlap,
    }
    lowered = [_with_overlaps(sp.diff(1 / G(sp.exp(length)), length, order), length) for order in range(3)]
    times_k = [1 - cos2 * growth[""], -cos2 * growth["l"], -cos2 * growth["ll"]]
    along["l"] = q * (lowered[1] * times_k[0] + lowered[0] * times_k[1])
    along["ll"] = q * (lowered[2] * times_k[0] + 2 * lowered[1] * times_k[1] + lowered[0] * times_k[2])
    along["ls"] = -q * cos2 * (lowered[1] * growth["s"] + lowered[0] * growth["ls"])
    along["lx"] = (
        -q
        * cos2
        * (lowered[1] * (2 * sin2 * growth[""] + growth["x"]) + lowered[0] * (2 * sin2 * growth["l"] + growth["lx"]))
    )
    _verify_holding(d, along)
    costs = {"": along, "_free": {place: sp.Integer(0) if place else sp.Integer(1) for place in along}}
    told = {"": "under the tempered target", "_free": "under the free energy"}
    for kind, cost in costs.items():
        price_s, price_x = _momenta(rate, growth, cost)
        h = {place: price_s * rate[place] + price_x * growth[place] - cost[place] for place in rate}
        known = {place: sp.Symbol(f"h_{place}", real=True) for place in h}
        value = _temperature(known, rate, growth, along[""], overlap)
        value = value.xreplace({known[place]: h[place] for place in h})
        d.output(
            f"singular_arc{kind}", [value, h["ll"]], ["T", r"\partial_\ell^2 h"],
            f"temperature on the singular arc, and the curvature of h, {told[kind]}", report=False,
        )  # fmt: skip


def _slopes(d: Derivation) -> None:
    """The rate of s and the growth rate with their derivatives in s and in log delta."""
    gap, w_2 = sp.Symbol("log_gap", real=True), symbol("second_weight")
    places = {m_1: s + w_2 * sp.exp(gap), m_2: s - w_1 * sp.exp(gap)}
    growth = divided_growth(psi(m_1), psi(m_2), sp.exp(gap))
    rate, *_ = reduced_rates(psi(m_1), psi(m_2), growth, G(D), w_2)
    averages = {
        psi(m_1): psi_1, psi(m_2): psi_2, psi_prime(m_1): psi_prime_1, psi_prime(m_2): psi_prime_2,
        psi_second(m_1): psi_second_1, psi_second(m_2): psi_second_2,
    }  # fmt: skip
    back = {head.subs(places): value for head, value in averages.items()}
    rows = []
    for function in (rate, growth):
        whole = function.subs(places)
        parts = [whole, *(sp.diff(whole, *by) for by in ((s,), (gap,), (s, gap), (gap, gap)))]
        rows.append([sp.simplify(valued(part, back).subs(sp.exp(gap), delta)).subs(w_2, 1 - w_1) for part in parts])
    d.say(
        r"""**In letters.** $f$ and $K$ depend on $x$ and $\ell$ through $\delta = R c D$ alone. With
        $\bar c^2 = 1 - c^2$ a derivative in $\ell$ is one in $\log\delta$, and one in $x$ is $\bar c^2$ times that:"""
    )
    length = sp.Symbol("ell_", real=True)
    cosine2 = 1 / (1 + sp.exp(-2 * x_rho))
    log_gap = sp.log(R) + sp.log(cosine2) / 2 + length
    d.verify("log delta by the state", jacobian([log_gap], [length, x_rho]), [[1, sp.simplify(1 - cosine2)]])
    d.output(
        "arc_slopes", rows, r"\begin{pmatrix} f, \dots \\ K, \dots \end{pmatrix}",
        "rate of s and growth rate K, each with its derivatives in s, log delta, both, and log delta twice",
        report=False,
    )  # fmt: skip


def _along_state(letters: tuple[Any, ...]) -> dict[str, Any]:
    """Derivatives in s, x and l of a function of s and log delta; sin^2 of the angle does not depend on l."""
    value, by_s, by_log, by_both, by_twice = letters
    return {"": value, "s": by_s, "x": sin2 * by_log, "l": by_log, "ls": by_both, "lx": sin2 * by_twice, "ll": by_twice}


def _averages_of_overlap(length: Any) -> dict[Any, Any]:
    """G and its derivatives at the distance whose logarithm is given, and their letters."""
    value = G(sp.exp(length))
    return {value: overlap, value.fdiff(): overlap_prime, value.fdiff().fdiff(): overlap_second}


def _with_overlaps(value: Any, length: Any) -> Any:
    """In letters."""
    return sp.simplify(valued(sp.expand(value), _averages_of_overlap(length)).subs(sp.exp(length), D))


def _verify_holding(d: Derivation, along: dict[str, Any]) -> None:
    """The derivatives of the holding temperature are those of its definition, for a K of any second-order jet."""
    jet = sp.symbols("k_:5", real=True)
    length, gap = sp.symbols("length log_gap", real=True)
    k = jet[0] + jet[1] * s + jet[2] * gap + jet[3] * s * gap + jet[4] * gap**2
    cosine2 = 1 / (1 + sp.exp(-2 * x_rho))
    place = sp.log(R) + sp.log(cosine2) / 2 + length
    held = _holding(cosine2, k.subs(gap, place), G(sp.exp(length)))
    values = [sp.diff(k, *by).subs(gap, place) if by else k.subs(gap, place)
              for by in ((), (s,), (gap,), (s, gap), (gap, gap))]  # fmt: skip
    letters = {cos2: cosine2, sin2: 1 - cosine2, D: sp.exp(length)}
    letters |= {letter: head for head, letter in _averages_of_overlap(length).items()}
    letters |= dict(zip(GROWTHS, values, strict=True))
    for name, by in _ways((s, x_rho, length)).items():
        wanted = sp.diff(held, *by) if by else held
        d.verify(f"holding temperature by {name}", wanted, along[name].xreplace(letters))
