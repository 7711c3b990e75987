"""What a derivation leaves behind: a module of functions, a page, and the equations that reports show.

Generated functions are plain arithmetic on their arguments, so one text serves floats (also inside ``numba.njit``),
NumPy arrays and ``mpmath.mpf``: the only constants are integers and quotients of them by powers of two, exact in all.
Functions that need an exponential, a logarithm or a root are written with NumPy's, and in a module ``*_mp`` with those
of an mpmath context, their first argument: in the forms that the package asks for. Other arguments stand in the
glossary's order. `derivations.browser` writes the same functions as JavaScript, for the explorer.
"""

import re
import textwrap
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import sympy as sp
from sympy.printing.numpy import NumPyPrinter

from anneal_theory.quantities import QUANTITIES
from anneal_theory.quantities.typeset import in_markdown, in_title
from derivations.browser import browser_files
from derivations.core import Check, Derivation, Output, Step, Text, flatten, step_latex
from derivations.letters import explained
from derivations.schedule_table import table_file
from derivations.users import used

MODULES = (
    "label_overlap",
    "mordell",
    "fourier_residues",
    "gradient",
    "responsibilities",
    "summary_statistics",
    "alignment",
    "growth_rate",
    "pair_coordinates",
    "start_law",
    "pair_statistics",
    "fixed_points",
    "trapping",
    "sphere_flow",
    "sphere_means",
    "sphere_variance",
    "sphere_formulas",
    "sphere_slow",
    "sphere_hot",
    "sphere_rest",
    "transient_gain",
    "saddle_node",
    "slow_passage",
    "slow_prefactor",
    "slow_annealing",
    "hot_phase",
    "gradient_noise",
    "component_noise",
    "alignment_noise",
    "sphere_diffusion",
    "sphere_noise",
    "optimal_schedule",
    "singular_arc",
    "large_separation",
    "schedules",
    "table_lines",
)
ROOT = Path(__file__).resolve().parent.parent
_HEADER = '"""{title} ({source}).\n\nWritten by `python -m derivations`; do not edit.\n"""\n'
_WIDTH = 120
# Equations that only the generated code needs, beside those of `report=False`: bounds and remainders of series.
_INTERNAL = re.compile(r"_(jacobian|tails|remainder|late)$")


class _Printer(NumPyPrinter):  # type: ignore[misc]
    """Arithmetic as Python writes it, exact in doubles and in mpmath alike."""

    def _print_Rational(self, expr: Any) -> str:
        if expr.q & (expr.q - 1):
            raise ValueError(f"{expr} is no dyadic fraction: multiply the equation out")
        return f"{expr.p}/{expr.q}"

    def _print_Mul(self, expr: Any) -> str:
        """Integers divide last: 2 x / 3 must not round 2 / 3."""
        number, rest = expr.as_coeff_Mul()
        if number.is_Rational and number.q & (number.q - 1):
            return f"({self._print(number.p * rest)})/{number.q}"
        return str(super()._print_Mul(expr))

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        """Reciprocals as quotients: x**(-1.0) is a slow and less accurate power in compiled code."""
        base, power = expr.args
        if power.is_Integer and power < 0:
            below = self._print(sp.Pow(base, -power))
            return f"(1/{below})" if base.is_Symbol and power == -1 else f"(1/({below}))"
        if power == sp.Rational(1, 3):
            return f"{self._module_format('numpy.cbrt')}({self._print(base)})"
        return str(super()._print_Pow(expr, rational))


class _ContextPrinter(_Printer):
    """The same with the functions of an mpmath context."""

    def _print_Function(self, expr: Any) -> str:
        return f"ctx.{type(expr).__name__}({', '.join(self._print(one) for one in expr.args)})"

    _print_exp = _print_log = _print_log1p = _print_expm1 = _print_cosh = _print_sinh = _print_tanh = _print_Function
    _print_cos = _print_sin = _print_Function

    def _print_logaddexp(self, expr: Any) -> str:
        """No context has this function, nor exponents that overflow."""
        first, second = expr.args
        if first != 0:
            raise ValueError(f"{expr}: only log(1 + e^x) is printed for contexts")
        return f"ctx.log1p(ctx.exp({self._print(second)}))"

    def _print_Pi(self, expr: Any) -> str:
        return "ctx.pi"

    def _print_EulerGamma(self, expr: Any) -> str:
        return "ctx.euler"

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        base, power = expr.args
        if power == sp.Rational(1, 3):
            return f"ctx.cbrt({self._print(base)})"
        if power == sp.S.Half:
            return f"ctx.sqrt({self._print(base)})"
        if power == -sp.S.Half:
            return f"1/ctx.sqrt({self._print(base)})"
        return str(super()._print_Pow(expr, rational))


@cache
def derivations() -> list[Derivation]:
    """All derivations."""
    return [import_module(f"derivations.{name}").derive() for name in MODULES]


def build(derived: list[Derivation] | None = None) -> dict[str, str]:
    """Every generated file by its path from the root of the checkout."""
    derived = derivations() if derived is None else derived
    known = used(ROOT, derived)
    files = {"anneal_theory/formulas/__init__.py": _HEADER.format(title="Generated formulas", source="all sections")}
    for one in derived:
        files[f"docs/derivations/{one.name}.md"] = page(one)
        for name, step in one.equations.items():
            files[f"docs/derivations/_equations/{name}.md"] = f"$$\n{step_latex(step)}\n$$\n"
        for name, text in modules(one, known).items():
            files[f"anneal_theory/formulas/{name}.py"] = text
    files["anneal_theory/formulas/equations.py"] = equations(derived)
    files["docs/derivations/index.md"] = index(derived)
    return files | browser_files(derived, ROOT) | table_file(ROOT)


def modules(derivation: Derivation, known: set[str]) -> dict[str, str]:
    """Name to Python source of a derivation's functions, with NumPy and with mpmath, in the forms `known` to be used.

    Plain arithmetic needs no second form.
    """
    outputs, made = sorted(derivation.outputs.items()), {}
    special = [one for one in outputs if f"{derivation.name}_mp.{one[0]}" in known and not arithmetic(one[1])]
    plain = [one for one in outputs if one not in special or f"{derivation.name}.{one[0]}" in known]
    if plain:
        printer = _printer(_Printer)
        bodies = [function(name, output, printer) for name, output in plain]
        names = sorted({name for used in printer.module_imports.values() for name in used})
        head = _HEADER.format(title=derivation.title, source=derivation.source) + "\nfrom typing import Any\n"
        numpy = f"\nfrom numpy import {', '.join(names)}\n" if names else ""
        made[derivation.name] = head + numpy + "".join(bodies)
    if special:
        head = _HEADER.format(title=f"{derivation.title}, in mpmath", source=derivation.source)
        bodies = [function(name, output, _printer(_ContextPrinter)) for name, output in special]
        made[f"{derivation.name}_mp"] = head + "\nfrom typing import Any\n" + "".join(bodies)
    return made


def arithmetic(output: Output) -> bool:
    """Whether a function needs nothing but sums, products and whole powers."""
    return all(
        not entry.atoms(sp.Function) and entry.is_rational_function(*entry.free_symbols) and not entry.has(sp.pi, sp.E)
        for entry in flatten(output.value)
    )


def _printer(kind: type[_Printer]) -> _Printer:
    return kind({"fully_qualified_modules": False, "allow_unknown_functions": False})


def function(name: str, output: Output, printer: _Printer) -> str:
    """Source of one function; sequences come back as tuples."""
    shared, reduced = sp.cse(flatten(output.value), symbols=sp.numbered_symbols("part_"), order="canonical")
    lines = [_broken(f"    {left} = ", printer.doprint(right)) for left, right in shared]
    text, kind = _shaped(output.value, iter([_entry(entry, printer) for entry in reduced]))
    context = isinstance(printer, _ContextPrinter)
    names = ["ctx"] * context + list(output.args)
    meanings = ["ctx: mpmath context whose precision is used."] * context
    meanings += [f"{arg}: {QUANTITIES[arg].meaning}." for arg in output.args]
    listed = "\n".join(textwrap.fill(line, _WIDTH - 8, subsequent_indent="    ") for line in meanings)
    described = f"\n\n    Args:\n{textwrap.indent(listed, ' ' * 8)}\n    " if meanings else ""
    return (
        "\n\n"
        + _broken(f"def {name}", ", ".join(f"{one}: Any" for one in names), f" -> {kind}:", always=True)
        + f'\n    """{output.returns[:1].upper() + output.returns[1:]}.{described}"""\n'
        + "".join(line + "\n" for line in lines)
        + _broken("    return ", text)
        + "\n"
    )


def _entry(entry: Any, printer: _Printer) -> str:
    """A number among the entries is written as a float, so that a tuple has one type in numba."""
    return f"{entry}.0" if entry.is_Integer else str(printer.doprint(entry))


def _shaped(value: Any, entries: Any) -> tuple[str, str]:
    """Source and type of a value: an entry, a tuple of entries, or a tuple of rows."""
    if not isinstance(value, list | tuple):
        return next(entries), "Any"
    parts = [_shaped(one, entries) for one in value]
    return f"({', '.join(text for text, _ in parts)},)", f"tuple[{', '.join(kind for _, kind in parts)}]"


def _broken(start: str, body: str, end: str = "", *, always: bool = False) -> str:
    """``start body end`` on one line, or in brackets over several."""
    whole = f"{start}({body}){end}" if always else f"{start}{body}{end}"
    if len(whole) <= _WIDTH:
        return whole
    if not body:
        return f"{start}()" + end.replace("[", "[\n    ", 1).replace("], ", "],\n    ").replace("]]:", "],\n]:")
    indent = " " * (len(start) - len(start.lstrip()))
    if always and len(f"{indent}){end}") > _WIDTH:
        end = end.replace("[", "[\n        ", 1).replace("], ", "],\n        ").replace("]]:", "],\n    ]:")
    lines = textwrap.wrap(body, _WIDTH - len(indent) - 4, break_long_words=False, break_on_hyphens=False)
    return "\n".join([f"{start}(", *(f"{indent}    {line}" for line in lines), f"{indent}){end}"])


def page(derivation: Derivation) -> str:
    """The derivation as a MyST page."""
    text = f"# {in_title(derivation.title)}\n\nSource: {derivation.source}.\n" + _letters(derivation)
    for part in derivation.parts:
        if isinstance(part, Text):
            text += f"\n{part.words}\n"
        elif isinstance(part, Step):
            text += f"\n**{in_markdown(part.title)}.**\n\n$$\n{step_latex(part)}\n$$\n" + (
                f"\n{part.words}\n" if part.words else ""
            )
        elif isinstance(part, Check):
            title, proof = in_markdown(part.title), in_markdown(part.proof)
            text += f"\n**Check: {title}** ({proof}).\n\n$$\n{step_latex(part)}\n$$\n"
    if derivation.outputs:
        text += "\n## Results\n"
        for name, output in derivation.outputs.items():
            text += f"\n`{name}({', '.join(output.args)})`: {in_markdown(output.returns)}.\n\n$$\n{output.latex}\n$$\n"
    return text


def shown(derivation: Derivation) -> list[str]:
    """Names of the equations that reports show."""
    return [name for name in derivation.equations if name not in derivation.unreported and not _INTERNAL.search(name)]


def _letters(derivation: Derivation) -> str:
    """A table of the letters of the equations that reports show, "" where there are none."""
    found = explained(derivation, shown(derivation))
    lines = [f"| ${_in_table(letter)}$ | {in_markdown(meaning)} |\n" for letter, (meaning, _) in found.items()]
    head = "\nLetters of the equations that this page names (a prime is a derivative, a dot one by time):\n"
    return head + "\n| letter | meaning |\n| --- | --- |\n" + "".join(lines) if lines else ""


def _in_table(latex: str) -> str:
    return latex.replace("|", r"\vert ")


def equations(derived: list[Derivation]) -> str:
    """Python source of what reports show: of each derivation its title, its equations and their letters."""
    text = _HEADER.format(title="LaTeX of every equation that reports show, with its letters", source="all sections")
    text += "\nEQUATIONS: tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...] = (\n"
    for one in derived:
        text += f"    (\n        {one.title!r},\n        (\n"
        for name in shown(one):
            lines = tuple(f"{left} = {right}" if left else right for left, right in one.equations[name].rows)
            text += f"            ({name!r}, {lines!r}),\n"
        text += "        ),\n    ),\n"
    text += ')\n"""Title of a derivation, then name and rows of each equation."""\n'
    text += "\nLETTERS: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {\n"
    for one in derived:
        text += f"    {one.title!r}: (\n"
        for letter, (meaning, names) in explained(one, shown(one)).items():
            text += f"        ({letter!r}, {meaning!r}, {tuple(names)!r}),\n"
        text += "    ),\n"
    return text + '}\n"""By title: each letter, its meaning, and the names of the equations in which it stands."""\n'


def index(derived: list[Derivation]) -> str:
    """The table of contents of the pages."""
    links = "".join(f"{one.name}\n" for one in derived)
    return (
        "# Derivations\n\nEach page is written by `python -m derivations`: from its premise to its result, with the\n"
        "checks that were proved on the way, and which comparisons are numerical only.\n\n"
        f"```{{toctree}}\n:maxdepth: 1\n\n{links}```\n"
    )
