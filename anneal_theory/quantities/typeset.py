"""The letters in a meaning as mathematics: the table of quantities writes them as they are typed, `mu_1`, `w*`, `R^2`.

So the command line shows them. Pages take them as LaTeX, in Markdown, or as HTML, which needs no script.
"""

import html
import re
from collections.abc import Callable

_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η", "theta": "θ", "kappa": "κ",
    "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ",
    "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
}  # fmt: skip
# A letter is Greek, or a single one; "a" is the article unless a bracket or a stroke is beside it: (a c r), a/R^2.
_LETTER = re.compile(
    rf"(?<![\w'])(?P<base>{'|'.join(_GREEK)}|[A-Zb-z]|a(?=[/)^_,]|$| \w\^)|(?<=\()a(?= \w\b))"
    r"(?P<index>_\w+|\d+)?(?P<star>\*)?(?P<prime>')?(?:\^(?P<power>−?\w+|\([^()]*\)))?(?!\w| function| integral)"
    r"|\^(?P<over>−?\w+|\([^()]*\))"  # of a bracket, or of a function
)
_SIGNS = {" . ": " · ", " - ": " − ", "->": "→"}
_MINUS = re.compile(r"(?<![\w)*'])-(?=\w)")  # before a letter or a number, and none that joins two words
_ROOT = re.compile(r"\bsqrt(?:\((\w+)\)|(?=\())")
Write = Callable[[re.Match[str]], str]


def in_markdown(text: str) -> str:
    r"""A meaning with its letters as LaTeX between dollars, and signs that Markdown reads escaped.

    Example:
        >>> print(in_markdown("overlap mu_1 . mu* of the first mean; KL(q || p^beta)"))
        overlap $\mu_1$ · $\mu^\star$ of the first mean; KL($q$ \|\| $p^{\beta}$)
    """
    return _written(text, lambda found: f"${_latex(found)}$", lambda words: re.sub(r"([\\*_|<>`$])", r"\\\1", words))


def in_title(text: str) -> str:
    """A title with its letters in Markdown's italics: lists of pages have it too, where no mathematics is set.

    Example:
        >>> in_title("psi, psi' and G as Appell-Lerch sums")
        '*ψ*, *ψ*′ and *G* as Appell-Lerch sums'
    """
    return _written(text, _slanted, lambda words: words)


def in_html(text: str) -> str:
    """A meaning with its letters in italics, indices lower and powers higher.

    Example:
        >>> in_html("log(w*/(1 - w*)) of m_1^2 at a mean")
        'log(<i>w</i>*/(1 − <i>w</i>*)) of <i>m</i><sub>1</sub><sup>2</sup> at a mean'
    """
    return _written(text, _marked, html.escape)


def _written(text: str, letter: Write, words: Callable[[str], str]) -> str:
    text = _ROOT.sub(lambda found: f"√{found[1] or ''}", text)
    for typed, sign in _SIGNS.items():
        text = text.replace(typed, sign)
    text = _MINUS.sub("−", text)
    found, place = [], 0
    for match in _LETTER.finditer(text):
        found += [words(text[place : match.start()]), letter(match)]
        place = match.end()
    return "".join([*found, words(text[place:])])


def _latex(found: re.Match[str]) -> str:
    if found["over"]:
        return f"{{}}^{{{_inside(found['over'].strip('()'))}}}"
    base, index, power = found["base"], (found["index"] or "").removeprefix("_"), found["power"] or ""
    letter = f"\\{base}" if base in _GREEK else base
    if index:
        letter += f"_{index}" if len(index) == 1 else f"_{{{_inside(index)}}}"
    over = r"^\star" * bool(found["star"]) + "'" * bool(found["prime"])
    return letter + over + (f"^{{{_inside(power.strip('()'))}}}" if power else "")


def _inside(text: str) -> str:
    """An index or a power, in LaTeX: letters of the theory, or a word."""
    if re.fullmatch(r"[A-Za-z]{2,}", text) and text not in _GREEK:
        return rf"\mathrm{{{text}}}"
    return _LETTER.sub(_latex, text).replace("−", "-")


def _slanted(found: re.Match[str]) -> str:
    """A letter by itself, or with a prime; an index or a power has no place in a title."""
    if found["base"] is None or found["index"] or found["power"] or found["star"]:
        raise ValueError(f"a title has letters and primes alone, but {found[0]!r} was one: write it in words")
    return f"*{_GREEK.get(found['base'], found['base'])}*" + "′" * bool(found["prime"])


def _marked(found: re.Match[str]) -> str:
    if found["over"]:
        return f"<sup>{_LETTER.sub(_marked, found['over'].strip('()'))}</sup>"
    index, power = (found["index"] or "").removeprefix("_"), (found["power"] or "").strip("()")
    letter = f"<i>{_GREEK.get(found['base'], found['base'])}</i>"
    lower = f"<sub>{html.escape(_GREEK.get(index, index))}</sub>" if index else ""
    higher = f"<sup>{_LETTER.sub(_marked, power)}</sup>" if power else ""
    return letter + lower + "*" * bool(found["star"]) + "′" * bool(found["prime"]) + higher
