"""The theory map as Markdown: the table, what has no row in it, and the equations that it names."""

import re

from docs.studies.theory_map import DOCS, ROWS, WITHOUT, page_of


def headings() -> dict[int, str]:
    """The links to the sections of the theory."""
    titles = re.findall(r"^## (\d+)\. (.*)$", (DOCS / "theory.md").read_text("utf-8"), re.MULTILINE)
    return {int(number): f"theory.md#{number}-{title.lower().replace(' ', '-')}" for number, title in titles}


def theory_map() -> str:
    """The table."""
    links = headings()
    head = ["function, and what it gives", "model, kind", "remainder or error", "theory", "tested in (tests/)"]
    lines = [f"| {' | '.join(one)} |" for one in (head, ["---"] * len(head))]
    for row in ROWS:
        names = ", ".join(f"`{name}`" for name in row.functions) + (f', "{row.method}"' if row.method else "")
        sections = ", ".join(f"[{number}]({links[number]})" for number in row.sections)
        equations = ", ".join(f"[{one}](#equation-{one.replace('_', '-')})" for one in row.derived) or row.equations
        tests = ", ".join(row.tests.replace("/", "/<wbr>").split())
        cells = [f"{names}: {row.gives}", f"{row.model}, {row.kind}", row.error, f"{sections}: {equations}", tests]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def theory_map_without() -> str:
    """The functions that rest on no equation."""
    lines = ["| function | why no equation |", "| --- | --- |"]
    lines += [f"| `{name}`{'' if '.' in name else ', all'} | {reason} |" for name, reason in sorted(WITHOUT.items())]
    return "\n".join(lines)


def theory_equations() -> str:
    """The equations that the table names, each with the page of its derivation."""
    names = sorted({one for row in ROWS for one in row.derived})
    return "\n\n".join(
        f"(equation-{name.replace('_', '-')})=\n**{name}** ([derivation](derivations/{page_of(name)}.md))\n\n"
        f"```{{include}} derivations/_equations/{name}.md\n```"
        for name in names
    )
