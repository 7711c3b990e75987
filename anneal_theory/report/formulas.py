"""LaTeX as pictures that need no font, script or network: matplotlib's mathtext, drawn as SVG outlines."""

import io
import re

from anneal_theory.extras import require

SIZE = 11.0  # points
_PAD = 2.0
# Spellings of LaTeX that mathtext does not know, and its own for the same; fractions as in display.
_SPELLINGS = (
    (r"\\(?:limits|nolimits|displaystyle)(?![A-Za-z])", ""),
    (r"\\t?frac(\d)([\dA-Za-z])", r"\\dfrac{\1}{\2}"),
    (r"\\t?frac(\d)(?=\{)", r"\\dfrac{\1}"),
    (r"\\t?frac(?=\{)", r"\\dfrac"),
    (r"\\[lr]vert(?![A-Za-z])", "|"),
    (r"\\big(?=[()])", ""),
)


def formula(latex: str) -> str:
    """A formula, LaTeX without dollar signs, as one SVG document of its size; ValueError for an unknown command."""
    require("matplotlib")
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    text = f"${_spelled(latex)}$"
    font = FontProperties(size=SIZE)
    width, height, depth, _, _ = MathTextParser("path").parse(text, dpi=72, prop=font)
    figure = Figure(figsize=((width + 2 * _PAD) / 72, (height + depth + 2 * _PAD) / 72))
    FigureCanvasSVG(figure)
    figure.text(_PAD / (width + 2 * _PAD), (depth + _PAD) / (height + depth + 2 * _PAD), text, fontproperties=font)
    out = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "anneal-theory", "svg.fonttype": "path"}):
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _spelled(latex: str) -> str:
    for pattern, replacement in _SPELLINGS:
        latex = re.sub(pattern, replacement, latex)
    return latex
