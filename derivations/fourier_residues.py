r"""phi, psi and psi' as Fourier series with residues and as series of exponentials, with proved bounds.

Source: theory section 2.  Output: the series, and bounds of their remainders as functions of R, a and the number of
terms (`anneal_theory.averages.fourier` adds these bounds to its balls).
"""

from functools import cache

import mpmath
import sympy as sp

from derivations.core import DIGITS, Derivation
from derivations.mordell import gaussian_mean
from derivations.symbols import R, k, u

Q = sp.Symbol("Q", positive=True)
X = sp.Symbol("X", positive=True)
t, x = sp.symbols("t x", positive=True)
nu = sp.Symbol("nu", integer=True, positive=True)
exp, pi = sp.exp, sp.pi


@cache
def derive() -> Derivation:
    """The antiperiodic function, its series, and the remainders."""
    d = Derivation("fourier_residues", "theory section 2", "phi as a Fourier series with residues")
    fourier_series(d)
    fourier_bounds(d)
    return d.result()


def fourier_series(d: Derivation) -> None:
    """phi by a Fourier series on a line that is made antiperiodic, and residues."""
    d.say(
        r"""**$\phi$.** $\log\cosh$ is not quasi-periodic, so $\phi$ has no such form. Take half a period $Q > a$,
        $x = Q - a$, $s = 2\pi/Q$, $k_j = s (j + \tfrac12)$, and let $\Lambda(u) = \log 2\cosh u$,"""
    )
    lam = sp.log(exp(u) + exp(-u))
    pair = lam.subs(u, u + Q) + lam.subs(u, u - Q) - 2 * Q
    closed = sp.log(1 + exp(-2 * Q - 2 * u)) + sp.log(1 + exp(-2 * Q + 2 * u))
    d.check("a pair of images", sp.simplify(sp.expand(exp(pair) - exp(closed))), sp.Integer(0))
    d.say(
        r"""$V(u) = Q/2 - \Lambda(u) - \sum_{\nu \geq 1} (-1)^\nu [\Lambda(u + \nu Q) + \Lambda(u - \nu Q) - 2 \nu Q]$.
        For $|u| < Q$ the first two terms are the antiperiodic triangle wave $Q/2 - |u|$ minus $\log(1 +
        e^{-2|u|})$, and the sum holds the other images of the latter: $V$ is real-analytic and antiperiodic, $V(u +
        Q) = -V(u)$, hence everywhere. Its second derivative is $-\sum_\nu (-1)^\nu \mathrm{sech}^2(u + \nu Q)$,
        whose Fourier coefficients are those of $\mathrm{sech}^2$ on the line; an antiperiodic function is
        determined by its second derivative."""
    )
    d.check_numbers(
        "Fourier transform of sech^2",
        r"\int \mathrm{sech}^2(u) \cos(k u)\, du",
        pi * k / sp.sinh(pi * k / 2),
        [(_sech_squared(value), _transform(value)) for value in (0.3, 1.7, 4.0)],
    )
    d.say(
        r"""Average over $u = a + R z$: cosines gain $e^{-R^2 k^2/2}$, and in the images $\log(1 + y)$ with $y = e^{-2
        \nu Q \mp 2u}$ is expanded to $N$ terms, $\mathbb{E}\, y^n = e^{-2 n \nu Q \mp 2 n a + 2 n^2 R^2}$, and
        summed over $\nu$:"""
    )
    big = exp(-2 * nu * Q)
    d.check("alternating geometric series", sp.simplify(-big / (1 + big)), sp.simplify(-1 / (exp(2 * nu * Q) + 1)))
    d.step(
        "Fourier form of phi",
        r"\frac{Q}{2} - 4 \sum_{j \geq 0} \frac{\cos(k_j a)\, G_j}{(2j + 1)(1 - Y_j)}"
        r" + \sum_{n=1}^{N} \frac{(-1)^{n+1}}{n} \frac{E_n (1 + X^{2n})}{1 + W^n} + \text{remainder}",
        r"\phi + \log 2",
        words=r"""with $G_j = e^{-R^2 k_j^2/2 - \pi k_j/2}$, $Y_j = e^{-\pi k_j}$, $E_n = e^{2 n^2 R^2 - 2 n x}$,
        $X = e^{-2a}$, $W = e^{-2Q}$.""",
        name="phi_fourier",
    )
    value = sp.exp(-pi * k / 2)
    d.check("node in terms of G and Y", 1 / sp.sinh(pi * k / 2), 2 * value / (1 - value**2))
    d.say(
        r"""$\psi$ and $\psi'$ by differentiation. For $a > 0$ the same expansion without images is the series of
        exponentials: $\phi = a - \log 2 + \mathbb{E}\log(1 + y)$, $1 - \psi = \mathbb{E}\frac{2y}{1+y}$, $\psi' =
        \mathbb{E}\frac{4y}{(1+y)^2}$, $y = e^{-2u}$."""
    )
    d.check_numbers("Fourier form of phi", r"\phi", r"\text{series}", _fourier_pairs())


def fourier_bounds(d: Derivation) -> None:
    """Remainders of the expansions, of the images and of the nodes."""
    d.say(r"""**Remainders.** The tail of $\log(1 + y)$ after $N$ terms is $(-1)^N$ times an integral of one sign:""")
    for count in (0, 1, 2, 5):
        partial = sum((-1) ** (i + 1) * t**i / i for i in range(1, count + 1))
        d.check(
            f"derivative of the tail after {count} terms",
            sp.diff(sp.log(1 + t) - partial, t),
            (-1) ** count * t**count / (1 + t),
        )
    d.say(
        r"""and $t/(1 + t) \leq t^{\gamma}$ for every $\gamma \in [0, 1]$ (it is at most $1$ and at most $t$), so with
        $\alpha = N + \gamma$ the tails of $\log(1 + y)$ and of $2y/(1+y)$ are at most $y^\alpha/\alpha$ and $2
        y^\alpha$ for every $\alpha \in [N, N+1]$, $\alpha > 0$. For $\psi'$ differentiate once more:"""
    )
    for count in (0, 1, 3):
        partial = sum((-1) ** (i + 1) * i * t**i for i in range(1, count + 1))
        tail = (-1) ** count * t ** (count + 1) * (count + 1 + count * t) / (1 + t) ** 2
        d.check(f"tail of y/(1+y)^2 after {count} terms", t / (1 + t) ** 2 - partial, tail)
    d.say(
        r"""which is at most $(N + 1)\, y^{N+1}/(1 + y) \leq (N + 1)\, y^\alpha$. The averages are Gaussian,
        $\mathbb{E}\, y^\alpha = e^{2\alpha^2 R^2 - 2\alpha a}$, and for the images $\sum_\nu e^{-2\alpha\nu Q}$ is
        geometric:"""
    )
    alpha = sp.Symbol("alpha", positive=True)
    d.check(
        "the best order is x/(2 R^2) and gives the Gaussian",
        (2 * alpha**2 * R**2 - 2 * alpha * x).subs(alpha, x / (2 * R**2)),
        -(x**2) / (2 * R**2),
    )
    d.step(
        "remainder of the images",
        r"C\, \frac{2\, e^{2\alpha^2 R^2 - 2\alpha x}}{1 - e^{-2\alpha Q}}, \qquad C = \frac{1}{\alpha},\ 2,\ 4(N + 1)",
        r"|\text{remainder of } \phi,\ \psi,\ \psi'| \leq",
        words=r"""For $\psi$ without the factor 2: its two sides have opposite signs, so the larger one bounds
        their difference.""",
        name="image_remainder",
    )
    d.step(
        "remainder of the exponentials",
        r"C\, e^{2\alpha^2 R^2 - 2\alpha a}",
        r"|\text{remainder of } \phi,\ 1 - \psi,\ \psi'| \leq",
        name="exponential_remainder",
    )
    d.say(
        r"""**Nodes.** The size of node $j$ is $e^{-R^2 k_j^2/2}/(k_j \sinh(\pi k_j/2))$ (for $\psi$ without $1/k_j$,
        for $\psi'$ with $k_j$ instead); the factor from $j$ to $j + 1$ is at most $G_{j+1}/G_j$, because $1/(1 -
        Y_j)$ falls, times $(2j+3)/(2j+1)$ for $\psi'$; and that factor falls with $j$. So the nodes from $J$ on add
        up to at most the $J$-th one over one minus its factor. With $x = R\sqrt{2L}$ and $R k \leq \sqrt{2L}$ there
        are about $L/\pi$ nodes at $a = 0$ and $2L/\pi$ at $a = x$."""
    )


def _fourier_pairs() -> list[tuple[mpmath.mpf, mpmath.mpf]]:
    """phi by the series and by quadrature of the definition."""
    pairs = []
    with mpmath.workdps(DIGITS + 10):
        for point, radius in ((mpmath.mpf(1), mpmath.mpf(3)), (mpmath.mpf("0.3"), mpmath.mpf("0.7"))):
            margin = radius * mpmath.sqrt(2 * (DIGITS + 8) * mpmath.log(10))
            period, total = point + margin, mpmath.mpf(0)
            for j in range(120):
                node = 2 * mpmath.pi / period * (j + mpmath.mpf(1) / 2)
                size = mpmath.exp(-((radius * node) ** 2) / 2 - mpmath.pi * node / 2) / (
                    1 - mpmath.exp(-mpmath.pi * node)
                )
                total -= 4 * mpmath.cos(node * point) * size / (2 * j + 1)
            for i in range(1, int(margin / (2 * radius**2)) + 1):
                size = mpmath.exp(2 * i * i * radius**2 - 2 * i * margin) * (1 + mpmath.exp(-4 * i * point))
                total -= (-1) ** i * size / i / (1 + mpmath.exp(-2 * i * period))
            pairs.append((period / 2 + total - mpmath.log(2), gaussian_mean(_log_cosh, point, radius)))
    return pairs


def _log_cosh(value: mpmath.mpf) -> mpmath.mpf:
    return mpmath.log(mpmath.cosh(value))


def _sech_squared(rate: float) -> mpmath.mpf:
    with mpmath.workdps(DIGITS + 10):
        return 2 * mpmath.quad(lambda v: mpmath.sech(v) ** 2 * mpmath.cos(rate * v), range(0, 62, 2))


def _transform(rate: float) -> mpmath.mpf:
    with mpmath.workdps(DIGITS + 10):
        return mpmath.pi * rate / mpmath.sinh(mpmath.pi * rate / 2)
