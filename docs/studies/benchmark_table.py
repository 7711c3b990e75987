"""The stored runs of `anneal-theory bench` and `tests.benchmarks.regressions` as tables of the documentation.

Written anew by `anneal-theory bench --quick --json --out docs/studies/benchmarks.json --only ...` (all but `sizes`),
`anneal-theory bench --only sizes --json --out docs/studies/sizes.json`, `python -m docs.studies.benchmark_table`, which
draws the latter's figure, and
`python -m tests.benchmarks.regressions REVISION --json > docs/studies/regressions.json`, then by
`anneal-theory reproduce`. The comparison with other tools is written by
`anneal-theory bench --quick --processor --only digits,runs,realnvp,tools --json --out docs/studies/similar_tools.json`,
where sbi and LINFA (`pip install --no-deps linfa-vi`: it asks for a torch of its own) are installed beside the package.
"""

import hashlib
import json
import math
import statistics
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anneal_theory.cli.bench import duration
from docs.studies.regression_reasons import reason

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STORED = Path(__file__).with_name("benchmarks.json")
TOOLS = STORED.with_name("similar_tools.json")
REGRESSIONS = STORED.with_name("regressions.json")
SIZES = STORED.with_name("sizes.json")
PICTURE = STORED.parents[1] / "_static" / "sizes.svg"
MAPS = STORED.with_name("maps.json")
_SLOWER = 1.1


def benchmarks() -> str:
    """The rows, what was left out, and the date, machine and versions of the run."""
    document: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))
    found = document["result"]
    head = ["work", "package", "other", "time", "other's time", "ratio (least to greatest)"]
    lines = [f"| {' | '.join(one)} |" for one in (head, ["---"] * len(head))]
    for row in found["rows"]:
        times = duration(row["ours_ms"]), duration(row["peer_ms"])
        ratio = f"{row['ratio']:.3g} ({row['lowest']:.3g} to {row['highest']:.3g})"
        lines.append(f"| {row['about']} | {row['ours']} | {row['peer']} | {times[0]} | {times[1]} | {ratio} |")
    lines += [f"| {one['about']} | - | {one['peer']} | - | - | {one['reason']} |" for one in found["skipped"]]
    return "\n".join([*lines, "", *_circumstances(document["settings"], found)])


def sizes() -> str:
    """Of a run of the topic `sizes`: times at each size, and the exponents."""
    document: dict[str, Any] = json.loads(SIZES.read_text(encoding="utf-8"))
    found = document["result"]
    lines = ["| work | size | processor's time | exponent (least to greatest between neighbours) |", "| --- " * 4 + "|"]
    for row in found["scaled"]:
        told = ", ".join(f"{_short(size)}: {duration(ms)}" for size, ms in zip(row["sizes"], row["ms"], strict=True))
        spread = f"{row['exponent']:.2f} ({row['lowest']:.2f} to {row['highest']:.2f})"
        lines.append(f"| {row['about']} | {row['counts']} | {told} | {spread} |")
    lines += [f"| {one['about']} | - | {one['reason']} | - |" for one in found["skipped"]]
    return "\n".join([*lines, "", *_circumstances(document["settings"], found)])


def sizes_figure() -> "Figure":
    """The same, both axes logarithmic, a line a row: over the dimension on the right, over all else on the left."""
    from anneal_theory.plots import COLOURS, DASHES, MARKERS, new_panels

    figure, panels = new_panels(1, 2, (8, 5.5), sharey=True)
    rows = json.loads(SIZES.read_text(encoding="utf-8"))["result"]["scaled"]
    for axes, by_dimension in zip(panels[0], (False, True), strict=True):
        drawn = [row for row in rows if (row["counts"] == "d") == by_dimension]
        for row, colour, dash, marker in zip(drawn, COLOURS, DASHES, MARKERS, strict=False):
            label = f"{row['about'].split(' d = ')[0].rstrip(',')}, by {row['counts']}"
            axes.loglog(row["sizes"], row["ms"], color=colour, ls=dash, marker=marker, label=label)
        axes.set(xlabel="d" if by_dimension else "size")
        axes.legend(fontsize="small", loc="lower center", bbox_to_anchor=(0.5, 1.0))
    panels[0, 0].set(ylabel="processor's time (ms)")
    return figure


def drawn_from() -> str:
    """What the figure is made by and of, which its file keeps."""
    return f"python -m docs.studies.benchmark_table, of {hashlib.sha256(SIZES.read_bytes()).hexdigest()}"


def _short(size: int) -> str:
    power = round(math.log10(size))
    return f"$10^{{{power}}}$" if power > 4 and size == 10**power else f"{size}"


_NAMES = {
    "LINFA": "LINFA",
    "normflows": "normflows",
    "zuko": "zuko",
    "sbi": "sbi",
    "heyoka, batches of 8": "heyoka",
    "mpmath.quad": "mpmath's `quad`",
    "numbalsoda, compiled rates": "numbalsoda",
    "acb.integral": "Arb's `acb.integral`",
    "SciPy LSODA, public averages": "SciPy's LSODA",
}


def similar_tools() -> str:
    """The rows in which another library does the work, by its name."""
    document: dict[str, Any] = json.loads(TOOLS.read_text(encoding="utf-8"))
    lines = ["| other | work | its time over the package's (least to greatest) |", "| --- | --- | --- |"]
    for peer, name in _NAMES.items():
        lines += [
            f"| {name} | {row['about']} | {row['ratio']:.3g} ({row['lowest']:.3g} to {row['highest']:.3g}) |"
            for row in document["result"]["rows"]
            if row["peer"] == peer
        ]
    return "\n".join([*lines, "", *_circumstances(document["settings"], document["result"])])


def regressions() -> str:
    """How many calls of public functions are slower or faster than in an earlier tree, and why the slower ones are."""
    found: dict[str, Any] = json.loads(REGRESSIONS.read_text(encoding="utf-8"))
    rows = [row for row in found["rows"] if row["ratio"] is not None]
    slower = sorted((row for row in rows if row["ratio"] > _SLOWER), key=lambda row: -float(row["ratio"]))
    faster = sum(row["ratio"] < 1 / _SLOWER for row in rows)
    middle = statistics.median(row["ratio"] for row in rows)
    lines = [
        f"Of {len(rows)} calls that both trees answer, {faster} are faster by more than 10 % than at "
        f"`{found['revision']}`, {len(slower)} slower; the median ratio is {middle:.2f}. "
        f"{len(found['rows']) - len(rows)} calls are new. The slower ones:",
        "",
        "| call | today | earlier | ratio (least to greatest) | why |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in slower:
        times = f"{duration(row['today_ms'])} | {duration(row['earlier_ms'])}"
        ratio = f"{row['ratio']:.3g} ({row['lowest']:.3g} to {row['highest']:.3g})"
        why = reason(row["name"]) or ("not so in every round" if row["lowest"] <= _SLOWER else "")
        lines.append(f"| {row['name']} | {times} | {ratio} | {why} |")
    about, clock = found["machine"], "the clock's time" if found["wall"] else "the processor's time"
    versions = ", ".join(f"{name} {one}" for name, one in found["versions"].items() if one != "not installed")
    lines += [
        "",
        f"Run of {found['date']}, {clock}, medians of {found['rounds']} rounds on {about['processor']}, "
        f"{about['cores']} cores, {about['system']}, load {about['load']}. Versions: {versions}.",
    ]
    if found.get("again"):
        lines[-1] += f" Measured once more, in a run of their own: {', '.join(found['again'])}."
    return "\n".join(lines)


def _circumstances(settings: dict[str, Any], found: dict[str, Any]) -> list[str]:
    about, rounds = found["machine"], {row["rounds"] for row in found["rows"]}
    size = "`--quick`, smaller pieces of work" if settings["quick"] else "full size"
    clock = "the processor's time, " if settings.get("processor") else ""
    told = [
        f"Run of {found['date']} ({size}), {clock}{f'medians of {max(rounds)} rounds ' if rounds else ''}on "
        f"{about['processor']}, {about['cores']} cores, {about['system']}."
    ]
    if about["load"] is not None:
        told.append(f"The machine's load at its end was {about['load']}; the run itself makes about 1 of it.")
    versions = ", ".join(f"{name} {one}" for name, one in found["versions"].items())
    return [" ".join([*told, f"Versions: {versions}."])]


def maps() -> str:
    """The stored maps of `tests.benchmarks.map_check`: time, memory, and cells beside the plain route."""
    about = {"free": "free means, d = 128", "sphere": "the sphere, d = 512"}
    lines = [
        "| map | cells | time | memory | cells compared | farthest apart | beyond both errors |",
        "| --- " * 7 + "|",
    ]
    for model, row in json.loads(MAPS.read_text(encoding="utf-8")).items():
        size = f"{row['seconds']:.0f} s, {row['cores']} cores | {row['memory'] / 1e9:.2f} GB"
        compared = f"{row['compared']} | {row['apart']:.1e} | {row['outside']}"
        lines.append(f"| {about[model]} | {row['cells']} | {size} | {compared} |")
    return "\n".join(lines)


if __name__ == "__main__":
    from anneal_theory.plots import picture
    from anneal_theory.storage import atomic_write

    atomic_write(PICTURE, picture(sizes_figure(), "svg", drawn_from()))
