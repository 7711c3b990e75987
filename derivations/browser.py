"""The same formulas as JavaScript, for the explorer in the documentation: those that its scripts name.

A script says ``formulas.reduced_log_flow(...)``; names, order of arguments and values are those of Python.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sympy as sp
from sympy.printing.jscode import JavascriptCodePrinter

from anneal_theory.quantities import QUANTITIES
from derivations.core import Derivation, DerivationError, Output, flatten

FOLDER = "docs/explorer"
FILE = f"{FOLDER}/generated/formulas.js"
_HEADER = (
    "/* Generated formulas: the arithmetic of the theory, as the package runs it.\n\n"
    "   Written by `python -m derivations`; do not edit. */\n\n"
    "const logaddexp = (a, b) => Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b))); // log(e^a + e^b)\n\n"
    "const formulas = {\n"
)
_NAMED = re.compile(r"\bformulas\.(\w+)")


class _Printer(JavascriptCodePrinter):  # type: ignore[misc]
    """JavaScript whose whole powers are products."""

    def _print_Pow(self, expr: Any) -> str:
        base, power = expr.args
        if power.is_Integer and 2 <= power <= 4 and base.is_Symbol:
            return "(" + "*".join([self._print(base)] * int(power)) + ")"
        if power == -sp.S.Half:
            return f"1/Math.sqrt({self._print(base)})"
        return str(super()._print_Pow(expr))

    def _print_log1p(self, expr: Any) -> str:
        return f"Math.log1p({self._print(expr.args[0])})"

    def _print_expm1(self, expr: Any) -> str:
        return f"Math.expm1({self._print(expr.args[0])})"

    def _print_logaddexp(self, expr: Any) -> str:
        return f"logaddexp({', '.join(self._print(one) for one in expr.args)})"

    def _print_not_supported(self, expr: Any) -> str:
        raise ValueError(f"{expr} has no JavaScript: teach it to derivations/browser.py")


def browser_files(derived: Iterable[Derivation], root: Path) -> dict[str, str]:
    """The file of all functions that the explorer's scripts name, by its path.

    Raises:
        DerivationError: a script names a function that nothing derives, or that two derivations have.
    """
    outputs: dict[str, list[tuple[Derivation, Output]]] = {}
    for one in derived:
        for name, output in one.outputs.items():
            outputs.setdefault(name, []).append((one, output))
    bodies = []
    for name in sorted(named(root)):
        found = outputs.get(name, [])
        if len(found) != 1:
            raise DerivationError(f"{FOLDER} calls formulas.{name}, which {len(found)} derivations give")
        bodies.append(function(name, found[0][1], found[0][0].source))
    return {FILE: _HEADER + "\n".join(bodies) + "};\n"}


def named(root: Path) -> set[str]:
    """The functions that the scripts of the explorer call."""
    return {name for file in sorted((root / FOLDER).glob("*.js")) for name in _NAMED.findall(file.read_text("utf-8"))}


def function(name: str, output: Output, source: str) -> str:
    """Source of one function; sequences come back as arrays.

    Example:
        >>> from derivations.symbols import D, R
        >>> print(function("gap", Output(R * D**2, "", "a gap", ("distance", "separation")), "section 0"), end="")
          /** A gap (section 0).
           * distance: distance of the two means, or of the two points of a label.
           * separation: distance of each mode from the origin, in standard deviations of a mode.
           */
          gap(distance, separation) {
            return (distance*distance)*separation;
          },
    """
    printer = _Printer()
    shared, reduced = sp.cse(flatten(output.value), symbols=sp.numbered_symbols("part_"), order="canonical")
    parts = [f"    const {left} = {printer.doprint(right)};" for left, right in shared]
    text = _shaped(output.value, iter([printer.doprint(entry) for entry in reduced]))
    meanings = [f"   * {arg}: {QUANTITIES[arg].meaning}." for arg in output.args]
    lines = [
        f"  /** {output.returns[:1].upper() + output.returns[1:]} ({source}).", *meanings, "   */",
        f"  {name}({', '.join(output.args)}) {{", *parts, f"    return {text};", "  },",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _shaped(value: Any, entries: Any) -> str:
    if not isinstance(value, list | tuple):
        return str(next(entries))
    return f"[{', '.join(_shaped(one, entries) for one in value)}]"
