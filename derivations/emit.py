"""What a derivation leaves behind: a module of functions, a page, and the equations that reports show."""

from importlib import import_module

import sympy as sp
from sympy.printing.numpy import NumPyPrinter

from anneal_theory.symbols import GLOSSARY
from derivations.core import Check, Derivation, Output, Step, Text, flatten, step_latex

MODULES = ("alignment", "pair_statistics", "schedules", "mordell", "fourier_residues")
_HEADER = '"""{title} ({source}). Written by `python -m derivations`; do not edit."""\n'


class _Printer(NumPyPrinter):  # type: ignore[misc]
    """Arithmetic as Python writes it, exact in doubles and in mpmath alike."""

    def _print_Rational(self, expr: sp.Rational) -> str:
        if expr.q & (expr.q - 1):
            raise ValueError(f"{expr} is no dyadic fraction: multiply the equation out")
        return f"{expr.p}/{expr.q}"


def build() -> dict[str, str]:
    """Every generated file by its path from the root of the checkout."""
    derived = [import_module(f"derivations.{name}").derive() for name in MODULES]
    files = {"anneal_theory/_generated/__init__.py": _HEADER.format(title="Generated formulas", source="all sections")}
    for one in derived:
        files[f"docs/derivations/{one.name}.md"] = page(one)
        for name, step in one.equations.items():
            files[f"docs/derivations/_equations/{name}.md"] = f"$$\n{step_latex(step)}\n$$\n"
        if one.outputs:
            files[f"anneal_theory/_generated/{one.name}.py"] = module(one)
    files["anneal_theory/_generated/equations.py"] = equations(derived)
    files["docs/derivations/index.md"] = index(derived)
    return files


def module(derivation: Derivation) -> str:
    """Python source of a derivation's functions."""
    printer = _Printer({"fully_qualified_modules": False, "allow_unknown_functions": False})
    bodies = [function(name, output, printer) for name, output in sorted(derivation.outputs.items())]
    names = sorted({name for used in printer.module_imports.values() for name in used})
    imports = f"\nfrom numpy import {', '.join(names)}\n" if names else ""
    return _HEADER.format(title=derivation.title, source=derivation.source) + imports + "".join(bodies)


def function(name: str, output: Output, printer: _Printer) -> str:
    """Source of one function; sequences come back as tuples."""
    symbols = [sp.Symbol(arg, **dict.fromkeys(GLOSSARY[arg].domain.assumptions, True)) for arg in output.args]
    shared, reduced = sp.cse(flatten(output.value), symbols=sp.numbered_symbols("part_"), order="canonical")
    lines = [f"    {left} = {printer.doprint(right)}" for left, right in shared]
    flat = [printer.doprint(entry) for entry in reduced]
    kind, text = "float", flat[0]
    if isinstance(output.value, list | tuple):
        kind, text = "tuple[float, ...]", f"({', '.join(flat)},)"
        if output.value and isinstance(output.value[0], list | tuple):
            kind, width = "tuple[tuple[float, ...], ...]", len(output.value[0])
            split = [flat[i : i + width] for i in range(0, len(flat), width)]
            text = "(" + ", ".join("(" + ", ".join(row) + ",)" for row in split) + ",)"
    arguments = ", ".join(f"{symbol}: float" for symbol in symbols)
    meanings = "\n".join(f"        {arg}: {GLOSSARY[arg].meaning}." for arg in output.args)
    return (
        f"\n\ndef {name}({arguments}) -> {kind}:\n"
        f'    """{output.returns[:1].upper() + output.returns[1:]}.\n\n    Args:\n{meanings}\n    """\n'
        + "".join(line + "\n" for line in lines)
        + f"    return {text}\n"
    )


def page(derivation: Derivation) -> str:
    """The derivation as a MyST page."""
    text = f"# {derivation.title}\n\nSource: {derivation.source}.\n"
    for part in derivation.parts:
        if isinstance(part, Text):
            text += f"\n{part.words}\n"
        elif isinstance(part, Step):
            text += f"\n**{part.title}.**\n\n$$\n{step_latex(part)}\n$$\n" + (f"\n{part.words}\n" if part.words else "")
        elif isinstance(part, Check):
            text += f"\n**Check: {part.title}** ({part.proof}).\n\n$$\n{step_latex(part)}\n$$\n"
    if derivation.outputs:
        text += "\n## Results\n"
        for name, output in derivation.outputs.items():
            text += f"\n`{name}({', '.join(output.args)})`: {output.returns}.\n\n$$\n{output.latex}\n$$\n"
    return text


def equations(derived: list[Derivation]) -> str:
    """Python source of the LaTeX that reports show: title of a derivation, then (name, rows) of each equation."""
    text = _HEADER.format(title="LaTeX of every named equation", source="all sections")
    text += "\nEQUATIONS: tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...] = (\n"
    for one in derived:
        text += f"    (\n        {one.title!r},\n        (\n"
        for name, step in one.equations.items():
            lines = tuple(f"{left} = {right}" if left else right for left, right in step.rows)
            text += f"            ({name!r}, {lines!r}),\n"
        text += "        ),\n    ),\n"
    return text + ")\n"


def index(derived: list[Derivation]) -> str:
    """The table of contents of the pages."""
    links = "".join(f"{one.name}\n" for one in derived)
    return (
        "# Derivations\n\nEach page is written by `python -m derivations`: from its premise to its result, with the\n"
        "checks that were proved on the way, and which comparisons are numerical only.\n\n"
        f"```{{toctree}}\n:maxdepth: 1\n\n{links}```\n"
    )
