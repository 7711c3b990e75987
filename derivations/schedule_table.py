"""The table of schedules, read off their files: a class is in it by being in the file of its name.

Importing every file to ask it would cost each start of the package; so the table is written with the formulas.
"""

import ast
from pathlib import Path

from anneal_theory.schedules import form_of

FOLDER = "anneal_theory/schedules"
FILE = f"{FOLDER}/table.py"
_HEADER = '''"""The schedules that are made of numbers, by their files in this folder.

Written by `python -m derivations`; do not edit.
"""

from types import MappingProxyType
from typing import TYPE_CHECKING
'''


def table_file(root: Path) -> dict[str, str]:
    """The generated table by its path: classes, their parameters, and those that may stand in another's place."""
    found = dict(one for file in sorted((root / FOLDER).glob("*.py")) for one in _schedules(file))
    imports = [f"    from {FOLDER.replace('/', '.')}.{form_of(name)} import {name} as {name}\n" for name in found]
    usual, others = [], []
    for name, init in found.items():
        names = [one.arg for one in init.args.args[1:]]
        usual.append(f'        "{name}": {_tuple(names)},\n')
        if init.args.kwonlyargs:  # what has a default may be left out for it
            others.append(f'        "{name}": {_tuple([names[-1], init.args.kwonlyargs[0].arg])},\n')
    text = _HEADER + "\nif TYPE_CHECKING:\n" + "".join(imports)
    for table, rows, meaning in (
        ("SCHEDULES", usual, "The parameters of each schedule, by its class."),
        ("ALTERNATIVES", others, "A parameter of a schedule, and the one that may be given in its place, by keyword."),
    ):
        text += f'\n{table} = MappingProxyType(\n    {{\n{"".join(rows)}    }}\n)\n"""{meaning}"""\n'
    return {FILE: text}


def _schedules(file: Path) -> list[tuple[str, ast.FunctionDef]]:
    """The derived class that has the file's name, with its constructor, if there is one."""
    return [
        (kind.name, part)
        for kind in ast.parse(file.read_text("utf-8")).body
        if isinstance(kind, ast.ClassDef) and kind.bases and form_of(kind.name) == file.stem
        for part in kind.body
        if isinstance(part, ast.FunctionDef) and part.name == "__init__"
    ]


def _tuple(names: list[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    return f"({', '.join(quoted)}{',' * (len(names) == 1)})"
