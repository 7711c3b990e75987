"""The explorer as one page by itself: `python -m docs.explorer.build explorer.html`; Sphinx builds it too.

Scripts and style are put into `page.html` where its comments name them, the measured errors from
`docs/studies/explorer.json`.
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SUMMARY = HERE.parent / "studies" / "explorer.json"
# In the order of their use; the worker runs these alone.
MATHEMATICS = (
    "generated/formulas.js", "special.js", "averages.js", "schedules.js", "steps.js", "free_means.js", "sphere.js",
    "answers.js", "settings.js", "jobs.js",
)  # fmt: skip
PAGE = ("drawing.js", "page.js")


def scripts(names: tuple[str, ...]) -> str:
    """Scripts, one after the other."""
    return "\n".join((HERE / name).read_text("utf-8") for name in names)


def page(script: str | None = None) -> str:
    """The page; with a script of one's own in the place of the page's, its mathematics can be asked from outside."""
    parts = {
        "/* STYLE */": (HERE / "style.css").read_text("utf-8"),
        "/* MATHEMATICS */": f'"use strict";\n{scripts(MATHEMATICS)}',
        "/* PAGE */": f'"use strict";\n{scripts(PAGE)}' if script is None else script,
        **_measured(),
    }
    text = (HERE / "page.html").read_text("utf-8")
    for place, part in parts.items():
        if text.count(place) != 1:
            raise ValueError(f"docs/explorer/page.html has {place} {text.count(place)} times, where once is meant")
        if "</script" in part and place != "/* STYLE */":
            raise ValueError(f"a script of the explorer contains '</script', which would end it at {place}")
        text = text.replace(place, part)
    return text


def _measured() -> dict[str, str]:
    """What was measured, as the page says it."""
    found = json.loads(SUMMARY.read_text("utf-8"))
    largest, count = found["largest"], found["settings"]
    return {
        ">MEASURED<": f">largest difference from the package at {count} drawn settings: {largest['probability']:.1g}<",
        ">MAP-MEASURED<": f">largest measured: {largest['map']:.1g}<",
    }


def main(arguments: list[str]) -> int:
    """Write the page."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(f"python -m docs.explorer.build takes the file to write, but was given {arguments}", file=sys.stderr)
        return 2
    Path(arguments[0]).write_text(page(), encoding="utf-8")
    print(f"wrote {arguments[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
