"""What a derivation is made of: titled steps, checks that stop the build, and named results.

A derivation module has one function, ``derive() -> Derivation``; its docstring gives the title, the source and the
output. The checks come in three kinds, and the page says which: an identity proved symbolically, an equality of power
series proved coefficient by coefficient up to a stated order, and a comparison of numbers at high precision, which
proves nothing but catches a slip.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import mpmath
import sympy as sp

from derivations.symbols import LATEX, ORDER

Value = Any  # a SymPy expression, or a (nested) sequence of them
DIGITS = 40


class DerivationError(AssertionError):
    """A check failed or a result contains letters it must not."""


@dataclass(frozen=True)
class Text:
    """A paragraph of the page, in MyST."""

    words: str


@dataclass(frozen=True)
class Step:
    """A titled equation or system of equations."""

    title: str
    rows: tuple[tuple[str, str], ...]
    words: str = ""
    name: str = ""


@dataclass(frozen=True)
class Check:
    """An equality and how it was established."""

    title: str
    rows: tuple[tuple[str, str], ...]
    proof: str
    proved: bool


@dataclass(frozen=True)
class Output:
    """A generated function.

    Args:
        value: Expression, sequence of expressions, or a matrix as a sequence of rows.
        latex: The equation shown on pages and in reports.
        returns: What the function returns, as a phrase.
        args: Argument names; those of the expression in the glossary's order unless given.
    """

    value: Value
    latex: str
    returns: str
    args: tuple[str, ...]


@dataclass
class Derivation:
    """A chain of titled steps from a premise to results.

    Args:
        name: Name of the module.
        source: The section of the theory it derives.
        title: Heading of the page.
    """

    name: str
    source: str
    title: str
    parts: list[Text | Step | Check] = field(default_factory=list)
    outputs: dict[str, Output] = field(default_factory=dict)
    equations: dict[str, Step] = field(default_factory=dict)
    unreported: set[str] = field(default_factory=set)
    symbols: set[str] = field(default_factory=set)  # quantities whose symbols stand in its expressions

    def say(self, words: str) -> None:
        """Add a paragraph."""
        self.parts.append(Text(" ".join(words.split())))

    def step(self, title: str, value: Value, lhs: Any = "", *, words: str = "", name: str = "") -> Value:
        """Add a titled equation ``lhs = value`` (or a system: a mapping from left to right sides) and return `value`.

        A step with a `name` can be included in other pages and is shown by reports.
        """
        step = Step(title, rows(lhs, value), " ".join(words.split()), name)
        self._meet(lhs, value)
        self.parts.append(step)
        if name:
            self._name(name, step)
        return value

    def check(self, title: str, lhs: Value, rhs: Value, *, shown: Any = None) -> Value:
        """Prove ``lhs = rhs`` (entry by entry for sequences) and return `rhs`.

        Raises:
            DerivationError: the difference is not provably zero.
        """
        self.verify(title, lhs, rhs)
        self._meet(lhs, rhs)
        self.parts.append(Check(title, rows(lhs if shown is None else shown, rhs), "proved symbolically", True))
        return rhs

    def verify(self, title: str, lhs: Value, rhs: Value) -> None:
        """Prove ``lhs = rhs`` without a line on the page.

        Raises:
            DerivationError: the difference is not provably zero.
        """
        for left, right in zip(flatten(lhs), flatten(rhs), strict=True):
            if not provably_equal(left, right):
                raise DerivationError(f"{self.name}: {title}: not proved equal: {left} and {right}")

    def check_series(self, title: str, lhs: Any, rhs: Any, variable: sp.Symbol, order: int) -> Any:
        """Prove that the Taylor coefficients of `lhs` and `rhs` at 0 agree below a given order."""
        for power in range(order):
            left, right = (sp.diff(side, variable, power).subs(variable, 0).doit() for side in (lhs, rhs))
            if not provably_equal(left, right):
                raise DerivationError(f"{self.name}: {title}: coefficients of order {power} differ: {left} and {right}")
        proof = f"proved coefficient by coefficient below order {order}"
        self.parts.append(Check(title, rows(lhs, rhs), proof, True))
        return rhs

    def check_numbers(self, title: str, lhs: Any, rhs: Any, pairs: Sequence[tuple[Any, Any]]) -> Any:
        """Compare numbers computed at high precision by independent routes; the equality is not proved here."""
        for left, right in pairs:
            if abs(left - right) > mpmath.mpf(10) ** (3 - DIGITS) * max(1, abs(right)):
                raise DerivationError(f"{self.name}: {title}: {left} is not {right}")
        proof = f"compared to {DIGITS - 3} digits at {len(pairs)} points, not proved here"
        self.parts.append(Check(title, rows(lhs, rhs), proof, False))
        return rhs

    def output(
        self,
        name: str,
        value: Value,
        lhs: Any,
        returns: str,
        args: Sequence[sp.Symbol] | None = None,
        *,
        report: bool = True,
    ) -> None:
        """Name a result and let it become a generated function.

        Args:
            name: Name of the function and of the equation.
            value: Expression, sequence, or sequence of rows. No functions but elementary ones: averages enter as
                symbols (see `valued`).
            lhs: Left-hand side, or sides, on the page.
            returns: What the function returns.
            args: All arguments, where more than the letters of `value` are wanted.
            report: Whether reports show the equation; Jacobians are for machines.

        Raises:
            DerivationError: the value contains a letter that is neither in the glossary nor among the arguments.
        """
        letters = set().union(*(entry.free_symbols for entry in flatten(value)))
        unknown = sorted(str(one) for one in letters - set(LATEX))
        if unknown:
            raise DerivationError(f"{self.name}: {name} contains letters that are not in the glossary: {unknown}")
        if args is not None and letters - set(args):
            missing = sorted(str(one) for one in letters - set(args))
            raise DerivationError(f"{self.name}: {name} does not take {missing} as arguments")
        heads = sorted({type(f).__name__ for e in flatten(value) for f in e.atoms(sp.Function) if not elementary(f)})
        if heads:
            raise DerivationError(f"{self.name}: {name} contains functions that have no value: {heads}")
        names = sorted((str(one) for one in (letters if args is None else args)), key=ORDER.__getitem__)
        step = Step(name.replace("_", " "), rows(lhs, value), name=name)
        self._meet(lhs, value)
        self._name(name, step)
        if not report:
            self.unreported.add(name)
        self.outputs[name] = Output(value, step_latex(step), returns, tuple(names))

    def result(self, **named: Value) -> "Derivation":
        """Name the remaining results, shown as ``name = value``, and return the derivation."""
        for name, value in named.items():
            self.output(name, value, rf"\text{{{name.replace('_', ' ')}}}", name.replace("_", " "))
        return self

    def _name(self, name: str, step: Step) -> None:
        if name in self.equations:
            raise DerivationError(f"{self.name}: {name} is named twice")
        self.equations[name] = step

    def _meet(self, *values: Value) -> None:
        self.symbols |= {str(one) for value in values for one in symbols_of(value) if one in LATEX}


def valued(value: Value, values: Mapping[Any, Any]) -> Value:
    """Replace applied averages such as ``psi(m_1)`` by the symbols of their values."""
    if isinstance(value, (list, tuple)):
        return tuple(valued(one, values) for one in value)
    known = {sp.sympify(key): entry for key, entry in values.items()}
    return sp.sympify(value).xreplace(known)


def jacobian(rates: Sequence[Any], state: Sequence[sp.Symbol]) -> tuple[tuple[Any, ...], ...]:
    """Rows of derivatives of rates by the state."""
    return tuple(tuple(sp.diff(rate, one) for one in state) for rate in rates)


def elementary(function: Any) -> bool:
    """Whether generated code can call a function."""
    kinds = (
        sp.exp, sp.log, sp.cosh, sp.sinh, sp.tanh, sp.sech, sp.asinh, sp.cos, sp.sin, sp.erf, sp.Abs, sp.LambertW,
        sp.Max, sp.Min,
    )  # fmt: skip
    return (
        isinstance(function, kinds)
        or hasattr(function, "_log1p")
        or (type(function).__name__ in ("log1p", "expm1", "logaddexp", "hypot"))
    )


def provably_equal(left: Any, right: Any) -> bool:
    """Whether the difference of two expressions is reduced to the number 0 by exact algebra.

    Example:
        >>> from derivations.symbols import m_1
        >>> provably_equal((m_1 + 1) ** 2, m_1**2 + 2 * m_1 + 1), provably_equal(m_1, 1.01 * m_1)
        (True, False)
    """
    difference = sp.sympify(left) - sp.sympify(right)
    attempts = (
        lambda e: e,
        sp.expand,
        lambda e: sp.expand(sp.together(e).as_numer_denom()[0]),
        lambda e: sp.expand(sp.together(e.rewrite(sp.exp)).as_numer_denom()[0]),
        lambda e: sp.simplify(sp.powsimp(sp.expand(sp.together(e.rewrite(sp.exp)).as_numer_denom()[0]))),
        sp.simplify,
    )
    return any(attempt(difference) == 0 for attempt in attempts)


def flatten(value: Value) -> list[Any]:
    """The expressions of a nested sequence, mapping or matrix, in order."""
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, sp.MatrixBase):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [leaf for one in value for leaf in flatten(one)]
    return [sp.sympify(value)]


def symbols_of(value: Value) -> set[Any]:
    """The free symbols of a nested sequence, mapping or matrix; text has none."""
    if isinstance(value, Mapping):
        value = [*value.keys(), *value.values()]
    if isinstance(value, (list, tuple)):
        return {letter for one in value for letter in symbols_of(one)}
    return set(getattr(value, "free_symbols", ()))


def rows(lhs: Any, value: Value) -> tuple[tuple[str, str], ...]:
    """The lines of a displayed equation or system as pairs of LaTeX."""
    if isinstance(value, Mapping):
        return tuple((latex(left), latex(right)) for left, right in value.items())
    if isinstance(value, sp.MatrixBase):
        value = value.tolist()
    if not isinstance(value, (list, tuple)):
        return ((latex(lhs), latex(value)),)
    if value and isinstance(value[0], (list, tuple)):
        body = r" \\ ".join(" & ".join(latex(entry) for entry in row) for row in value)
        return ((latex(lhs), rf"\begin{{pmatrix}} {body} \end{{pmatrix}}"),)
    lefts = lhs if isinstance(lhs, (list, tuple)) else [lhs] + [""] * (len(value) - 1)
    return tuple((latex(left), latex(right)) for left, right in zip(lefts, value, strict=True))


def latex(value: Any) -> str:
    """LaTeX of an expression in the glossary's letters; strings are LaTeX already."""
    if isinstance(value, str):
        return value
    text = str(sp.latex(value, symbol_names=LATEX, fold_short_frac=False, ln_notation=False))
    return text.replace(r"\operatorname{expm}_{1}", r"\mathrm{expm1}").replace(
        r"\operatorname{log1p}", r"\mathrm{log1p}"
    )


def step_latex(step: Step | Check) -> str:
    """The displayed equation of a step."""
    lines = [f"{left} &= {right}" if left else rf"& {right}" for left, right in step.rows]
    if len(lines) == 1:
        return lines[0].replace(" &= ", " = ", 1) if step.rows[0][0] else step.rows[0][1]
    lines = ["{}" + line if line.startswith("[") else line for line in lines]  # else it is read as an option of aligned
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"
