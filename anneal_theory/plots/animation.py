"""The density of a pair over its target along a run, as a moving picture."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from anneal_theory._floating import own_floating
from anneal_theory._version import __version__
from anneal_theory.extras import require
from anneal_theory.plots.landscape import DensityFrame, density_figure, frame_count

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOVING, _RESTING = 90, 2000  # milliseconds that a frame is shown, and the last one
_DPI = 110
_COLOURS = 64


@own_floating()
def density_animation(
    separation: float,
    weight: float,
    runs: Mapping[str, Sequence[DensityFrame]],
    title: str,
    reach: float = 1.5,
    command: str = "",
) -> bytes:
    """The runs of `density_figure` as a GIF: a row for each, all at one time in one frame, over and over.

    Args:
        separation: R.
        weight: w* of the mode at (R, 0).
        runs: Frames by the run's name, as many for each.
        title: What is shown.
        reach: How far across the axis means are expected; the drawing ends three deviations beyond.
        command: What made it, kept with the version as the file's comment; "" for none.

    Returns:
        The content of the file, the same bytes at every run.

    Raises:
        DomainError: there are no runs, no frames, or more of one than of another.
        MissingExtra: matplotlib is not installed.
    """
    require("matplotlib")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image  # which comes with matplotlib

    shots = []
    for figure in density_frames(separation, weight, runs, title, reach):
        canvas: Any = FigureCanvasAgg(figure)  # matplotlib leaves some of its methods untyped
        figure.set_dpi(_DPI)
        canvas.draw()
        shots.append(Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB").quantize(_COLOURS))
    times = [_MOVING] * (len(shots) - 1) + [_RESTING]
    about = f"{command} (anneal-theory {__version__})" if command else f"anneal-theory {__version__}"
    content = io.BytesIO()
    shots[0].save(
        content, "GIF", save_all=True, append_images=shots[1:], duration=times, loop=0, comment=about.encode()
    )
    return content.getvalue()


def density_frames(
    separation: float, weight: float, runs: Mapping[str, Sequence[DensityFrame]], title: str, reach: float = 1.5
) -> Iterator[Figure]:
    """The figure of each moment, one column of `density_figure` at a time."""
    for moment in range(frame_count(runs)):
        now = {label: [frames[moment]] for label, frames in runs.items()}
        figure = density_figure(separation, weight, now, title, reach)
        figure.set_size_inches(4.6, 1.0 + 1.9 * len(runs))
        yield figure
