r"""Mordell integrals: psi, psi' and G as Appell-Lerch sums, with proved bounds of what is left out.

Source: theory section 2.  Output: the sums, and for each a bound of its tail as a function of R, a and the number of
terms (`anneal_theory.averages.appell_lerch` adds these bounds to its balls).
"""

from functools import cache

import mpmath
import sympy as sp

from derivations.core import DIGITS, Derivation
from derivations.symbols import D, R, c, u

a = sp.Symbol("a", positive=True)
p, q, zeta, X, c_N = sp.symbols("p q zeta X c_N", positive=True)
n = sp.Symbol("n", integer=True, positive=True)
exp, pi, sin, cos = sp.exp, sp.pi, sp.sin, sp.cos
OMEGA = pi / (2 * R**2)


@cache
def derive() -> Derivation:
    """Contour shift, uniqueness, truncation bounds."""
    d = Derivation("mordell", "theory section 2", "psi, psi' and G as Appell-Lerch sums")
    functional_equations(d)
    side_sum(d)
    main_sum(d)
    uniqueness(d)
    derivative_and_overlap(d)
    appell_lerch_bounds(d)
    return d.result()


def functional_equations(d: Derivation) -> None:
    """The two equations that determine U = 1 - psi."""
    d.say(
        r"""Write $U(a) = 1 - \psi = \mathbb{E}\,\frac{2}{1 + e^{2u}}$ with $u = a + R z$, $a = m + h \geq 0$ (negative
        $a$ by the mirror image). $U$ is an entire function of $a$: the Gaussian is."""
    )
    kernel = 2 / (1 + exp(2 * u))
    d.check("the kernel times 1 + exp(2 u) is constant", kernel + exp(2 * u) * kernel, sp.Integer(2))
    tilt = 2 * u - (u - a) ** 2 / (2 * R**2)
    d.check(
        "a factor exp(2 u) moves the Gaussian by 2 R^2", tilt, 2 * a + 2 * R**2 - (u - a - 2 * R**2) ** 2 / (2 * R**2)
    )
    d.step("first functional equation", "2", r"U(a) + e^{2a + 2R^2}\, U(a + 2R^2)")
    residue = sp.limit((u - sp.I * pi / 2) * 2 / (1 + exp(2 * u)), u, sp.I * pi / 2)
    d.check(
        "residue of the kernel at its poles",
        residue,
        sp.Integer(-1),
        shown=r"\operatorname{Res}_{u = i\pi/2} \frac{2}{1 + e^{2u}}",
    )
    d.say(
        r"""Replace $a$ by $a + i\pi$ and move the line of integration back: the kernel has period $i\pi$, and the line
        from $-i\pi$ to $0$ crosses the pole at $-i\pi/2$, with residue $-1$."""
    )
    jump = -2 * pi * sp.I / (sp.sqrt(2 * pi) * R) * exp(-((a + sp.I * pi / 2) ** 2) / (2 * R**2))
    d.step("second functional equation", jump, r"U(a + i\pi) - U(a)")


def side_sum(d: Derivation) -> None:
    """B solves the first equation and is periodic."""
    d.say(
        r"""With $X = e^{-2a}$ and $p = e^{-2R^2}$ the first equation reads $X p\,V(X) + V(X p^2) = 2 X p$. Try
        $\frac{2}{\theta} B$, $B = \sum_{n \in \mathbb{Z}} B_n(X)$, $\theta = \sum_{n \in \mathbb{Z}} p^{n^2}$."""
    )

    def term(index: sp.Expr, point: sp.Expr) -> sp.Expr:
        return p ** (index**2 - 1) * point / (1 + p ** (2 * index - 2) * point)

    d.step("side sum", term(n, X), "B_n(X)")
    left = X * p * term(n, X) + term(n - 1, X * p**2)
    d.check(
        "each term gives its share of theta",
        sp.simplify(left / p ** ((n - 1) ** 2)),
        X * p,
        shown=r"\left( X p\, B_n(X) + B_{n-1}(X p^2) \right) / p^{(n-1)^2}",
    )
    d.say(
        r"""Summed over $n$ this is $X p\,\theta$, so $\frac{2}{\theta} B$ solves the first equation; as a function of
        $X$ it has period $i\pi$ in $a$. The terms $n$ and $1 - n$ share a Gaussian factor once the second is
        expanded:"""
    )
    mirrored = sp.simplify(term(1 - n, X) / p ** (n**2))
    d.check("the terms of index 1 - n", mirrored, X / (p ** (2 * n) + X), shown="B_{1-n}(X) / p^{n^2}")


def main_sum(d: Derivation) -> None:
    """A solves the homogeneous first equation, and its jump is the residue."""
    d.say(
        r"""To this add a solution of the homogeneous first equation whose jump under $a \to a + i\pi$ is the Gaussian.
        With $q = e^{-\pi^2/R^2}$, $\omega = \pi/(2R^2)$, $c_N = q^{N - 1/2}$, $\zeta = e^{2 i \omega a}$:"""
    )
    front = pi / R**2 * exp((pi**2 / 4 - a**2) / (2 * R**2))
    d.step(
        "main sum",
        r"\frac{\pi}{R^2} e^{(\pi^2/4 - a^2)/(2R^2)} \sin(\omega a) \sum_{N \geq 1} \frac{q^{N^2/2} (1 + c_N)}{D_N},"
        r" \qquad D_N = 1 - 2 c_N \cos(2 \omega a) + c_N^2",
        "A(a)",
    )
    shape = front * sin(OMEGA * a)
    moved = shape.subs(a, a + 2 * R**2)
    ratio = sp.simplify((moved * exp(2 * a + 2 * R**2) / shape).expand(trig=True))
    d.check("A solves the homogeneous equation", ratio, -1, shown=r"e^{2a + 2R^2} A(a + 2R^2) / A(a)")
    root = sp.sqrt(zeta)
    fractions = (root / (1 - c_N * zeta) - 1 / root / (1 - c_N / zeta)) / (2 * sp.I)
    sine = (root - 1 / root) / (2 * sp.I)
    d.check("partial fractions", fractions, sine * (1 + c_N) / (1 - c_N * (zeta + 1 / zeta) + c_N**2))
    second = 1 / root / (1 - c_N / zeta)
    d.check("the second fraction is a term of index 1 - N", second, -root / c_N / (1 - zeta / c_N))
    d.say(
        r"""Since $q^{N^2/2}/c_N = q^{(1-N)^2/2}$ and $1/c_N = c_{1-N}$, the sum with its sine is
        $\frac{\zeta^{1/2}}{2i} \sum_{n \in \mathbb{Z}} \frac{q^{n^2/2}}{1 - c_n \zeta}$. Under $a \to a + i\pi$,
        $\zeta$ becomes $q \zeta$, the Gaussian gains $\zeta^{-1} q^{-1/2}$, and shifting $n$ by one"""
    )
    d.check("difference of a term and its shift", (1 / (c_N * zeta) - 1) / (1 - c_N * zeta), 1 / (c_N * zeta))
    d.say(
        r"""so the jump of $A$ is $\frac{\pi}{R^2} e^{(\pi^2/4 - a^2)/(2R^2)} \frac{\zeta^{-1/2}}{2i} \sum_n q^{n^2/2}$.
        Poisson's formula, $\sum_n q^{n^2/2} = R \sqrt{2/\pi}\,\theta$, makes $\frac{2}{\theta}$ of it the wanted
        one."""
    )
    got = 2 * front * exp(-sp.I * OMEGA * a) / (2 * sp.I) * R * sp.sqrt(2 / pi)
    wanted = -2 * pi * sp.I / (sp.sqrt(2 * pi) * R) * exp(-((a + sp.I * pi / 2) ** 2) / (2 * R**2))
    shown = r"\frac{2}{\theta} (A(a + i\pi) - A(a)) \Big/ (U(a + i\pi) - U(a))"
    d.check("the jump of A is the residue", sp.simplify(got / wanted), sp.Integer(1), shown=shown)


def uniqueness(d: Derivation) -> None:
    """The difference of both sides is zero."""
    d.say(
        r"""$A + B$ has no poles. By the two equations it is enough to look at $a = i\pi/2 + \varepsilon$, where $\zeta
        = q^{1/2} e^{i \pi \varepsilon/R^2}$: the term $n = 1$ of $B$ and the term $n = 0$ of $A$ are singular."""
    )
    e = sp.Symbol("varepsilon")
    of_b = sp.limit(e * (-exp(-2 * e)) / (1 - exp(-2 * e)), e, 0)
    size = pi / R**2 * exp(pi**2 / (4 * R**2)) * exp(-(pi**2) / (4 * R**2)) / (2 * sp.I)
    of_a = sp.simplify(size * sp.limit(e / (1 - exp(sp.I * pi * e / R**2)), e, 0))
    d.check("the two residues cancel", of_a + of_b, sp.Integer(0), shown=r"\operatorname{Res} A + \operatorname{Res} B")
    d.say(
        r"""So $H = U - \frac{2}{\theta}(A + B)$ is entire, has period $i\pi$, and solves the homogeneous first
        equation. Then $H = \sum_k h_k X^k$ converges for all $X \neq 0$, and $X p H(X) + H(X p^2) = 0$ says $h_k =
        -p^{1-2k} h_{k-1}$: $|h_k| = p^{-k^2} |h_0|$, which converges nowhere unless $H = 0$. This proves"""
    )
    d.step("Appell-Lerch form", r"\frac{2}{\theta} \left( A + B \right)", r"1 - \psi", name="appell_lerch")
    d.check_numbers("Appell-Lerch form", r"1 - \psi", r"\frac{2}{\theta} (A + B)", _appell_lerch_pairs())


def derivative_and_overlap(d: Derivation) -> None:
    """psi' term by term, E sech and G from the same function."""
    d.say(r"""$\psi' = -U'$ term by term (the sums converge uniformly near the real axis).""")
    angle = sp.Symbol("omega", positive=True)
    body = exp(-(a**2) / (2 * R**2)) * sin(angle * a)
    quotient = (1 + c_N) / (1 - 2 * c_N * cos(2 * angle * a) + c_N**2)
    expected = exp(-(a**2) / (2 * R**2)) * (
        (a / R**2 * sin(angle * a) - angle * cos(angle * a)) * quotient
        + 8
        * angle
        * sin(angle * a) ** 2
        * cos(angle * a)
        * quotient
        * c_N
        / (1 - 2 * c_N * cos(2 * angle * a) + c_N**2)
    )
    difference = sp.expand_trig(-sp.diff(body * quotient, a) - expected)
    d.check("a term of -A'", sp.simplify(difference), sp.Integer(0), shown=r"-A' - \text{(its stated form)}")
    at = exp(-2 * a)
    r = p ** (2 * n - 1)
    bracket = at / p / (1 + r * at / p) + at / p / (r + at / p)
    slope = 2 * at / p * (1 / (1 + r * at / p) ** 2 + r / (r + at / p) ** 2)
    d.check("a term of -B'", -sp.diff(bracket, a), slope)
    d.check("sech from the kernel", 1 / sp.cosh(u), exp(u) * 2 / (1 + exp(2 * u)))
    d.say(
        r"""so $\mathbb{E}\,\mathrm{sech}\,u = e^{a + R^2/2}\, U(a + R^2)$. For G take Bayes' rule at distance $D$:
        under the first component $y = D/2 + z$ the second label has posterior chance $1/(1 + e^{2c + Dy})$, and $G
        = w\,\mathbb{E}_1[1 - \eta]$. Its exponent is $2u$ with $R = D/2$, $a = c + D^2/4$:"""
    )
    z = sp.Symbol("z", real=True)
    d.check("exponent of the posterior odds", 2 * c + D * (D / 2 + z), 2 * (c + D**2 / 4 + D / 2 * z))
    d.step(
        "label overlap",
        r"\frac{w}{2}\, U\!\left(c + \tfrac{D^2}{4};\ R = \tfrac{D}{2}\right)",
        "G(D; w)",
        name="overlap_series",
    )
    r_n = sp.Symbol("r_n", positive=True)
    equal = sp.exp(-2 * (D**2 / 4)) / sp.exp(-2 * (D / 2) ** 2)  # y = X/p where c = 0
    d.check("at equal weights both halves of B agree", 1 / (1 + r_n * equal), 1 / (r_n + equal))


def appell_lerch_bounds(d: Derivation) -> None:
    """Tails of A, A', B, B' and theta."""
    d.say(r"""**Truncation.** Keep $N \leq K$ in $A$, $n \leq M$ in $B$ and $\theta$. All bounds hold for real $a$.""")
    nn = sp.Symbol("N", positive=True)
    d.check("Gaussian factors of A", q ** ((nn + 1) ** 2 / 2) / q ** (nn**2 / 2), q ** (nn + sp.Rational(1, 2)))
    t_angle = sp.Symbol("alpha", real=True)
    d.check(
        "the denominators are at least (1 - c)^2",
        1 - 2 * c_N * cos(2 * t_angle) + c_N**2,
        (1 - c_N) ** 2 + 4 * c_N * sin(t_angle) ** 2,
    )
    d.say(
        r"""The ratio of consecutive Gaussian factors is $c_{N+1} \leq c_{K+2}$ beyond $K$, $1 + c_N \leq 1 + c_{K+1}$,
        so the tail is at most a geometric series. The second sum of $A'$ has one more factor $c_N/D_N \leq c_{K+1}/(1 -
        c_{K+1})^2$, and its coefficients are at most $a/R^2 + \omega$ and $8 \omega$."""
    )
    d.step(
        "tails of A",
        (
            r"\frac{q^{(K+1)^2/2} (1 + c_{K+1})}{(1 - c_{K+1})^2 (1 - c_{K+2})} =: T",
            r"\left( \frac{a}{R^2} + \omega + \frac{8 \omega c_{K+1}}{(1 - c_{K+1})^2} \right) T",
        ),
        (
            r"\left| \text{tail of } A \right| \Big/ \frac{\pi}{R^2} e^{(\pi^2/4 - a^2)/(2R^2)} \leq",
            r"\left| \text{tail of } A' \right| \Big/ \frac{\pi}{R^2} e^{(\pi^2/4 - a^2)/(2R^2)} \leq",
        ),
        name="main_tails",
    )
    d.check("Gaussian factors of B", sp.simplify(p ** ((nn + 1) ** 2) / p ** (nn**2)), p ** (2 * nn + 1))
    d.check(
        "with the factor 1/p^(2n-1)",
        sp.simplify(p ** ((nn + 1) ** 2 - 2 * nn - 1) / p ** (nn**2 - 2 * nn + 1)),
        p ** (2 * nn - 1),
    )
    d.say(
        r"""With $y = X/p$ and $r = p^{2n-1}$ the bracket of $B$ is $\frac{y}{1 + r y} + \frac{y}{r + y} \leq y +
        \min(1, y/r)$, that of $-B'$ is
        $2 \left( \frac{y}{(1 + r y)^2} + \frac{r y}{(r + y)^2} \right) \leq 2 (y + \min(1, y/r))$,
        because $r y/(r + y)^2 \leq \min(y/r, r/y)$."""
    )
    d.step(
        "tails of B and theta",
        (
            r"\frac{y g}{1 - p^{2M+3}} + \min\left(\frac{g}{1 - p^{2M+3}},\ \frac{y g p^{-2M-1}}{1 - p^{2M+1}}\right)",
            r"2 \times \text{the same}",
            r"\frac{2 g}{1 - p^{2M+3}}, \qquad g = p^{(M+1)^2}",
        ),
        (r"0 \leq \text{tail of } B \leq", r"0 \leq \text{tail of } -B' \leq", r"0 \leq \text{tail of } \theta \leq"),
        name="side_tails",
    )
    d.say(
        r"""Errors $\alpha$ of $A$, $\beta$ of $B$ and $\vartheta$ of $\theta \geq 1$ change $\frac{2}{\theta}(A + B)$
        by at most $\frac{2}{\theta}(\alpha + \beta) + \left| \frac{2}{\theta}(A + B) \right| \vartheta$. For $L$ nats:
        $K \approx R \sqrt{2L}/\pi$ and $M \approx \sqrt{L/2}/R$."""
    )


def _appell_lerch_pairs() -> list[tuple[mpmath.mpf, mpmath.mpf]]:
    """1 - psi by the sums and by quadrature of the definition."""
    pairs = []
    with mpmath.workdps(DIGITS + 10):
        for point, radius in ((mpmath.mpf(1), mpmath.mpf(3)), (mpmath.mpf("0.3"), mpmath.mpf("0.7"))):
            q_, p_, x_ = (mpmath.exp(e) for e in (-((mpmath.pi / radius) ** 2), -2 * radius**2, -2 * point))
            omega = mpmath.pi / (2 * radius**2)
            front = 2 * omega * mpmath.exp((mpmath.pi**2 / 4 - point**2) / (2 * radius**2)) * mpmath.sin(omega * point)
            main = mpmath.mpf(0)
            for count in range(1, 60):
                step = q_ ** (count - mpmath.mpf(1) / 2)
                main += (
                    q_ ** (mpmath.mpf(count) ** 2 / 2)
                    * (1 + step)
                    / (1 - 2 * step * mpmath.cos(2 * omega * point) + step**2)
                )
            side = sum(p_ ** (i * i - 1) * x_ / (1 + p_ ** (2 * i - 2) * x_) for i in range(-30, 31))
            theta = sum(p_ ** (i * i) for i in range(-30, 31))
            pairs.append((2 / theta * (front * main + side), 1 - gaussian_mean(mpmath.tanh, point, radius)))
    return pairs


def gaussian_mean(function: object, point: mpmath.mpf, radius: mpmath.mpf) -> mpmath.mpf:
    """``E function(point + radius z)`` by quadrature of the definition, panels a unit or two wide."""
    reach = mpmath.sqrt(2 * (DIGITS + 12) * mpmath.log(10))
    panels = sorted([-reach, reach, -point / radius, *(mpmath.mpf(i) for i in range(-14, 15, 2))])
    return mpmath.quad(lambda z: mpmath.npdf(z) * function(point + radius * z), panels)  # type: ignore[operator]
