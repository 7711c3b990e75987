"""What every letter of a named equation means: no page or report shows one that it does not explain.

A letter is what a reader takes for one: a letter of an alphabet with its accent, its index and the star of mu*. Its
meaning comes from the page's own list (`page_letters`), else from the table of quantities, if the page's expressions
have a symbol that is written so; an equation with a letter that has none stops the build, and so does a line of the
list that no equation needs. The averages that derivations write as functions
stand in `AVERAGES`; signs that mean one thing everywhere are no letters (`_SIGNS`), and the report tells them once.
"""

import re
from collections.abc import Iterable

from anneal_theory.quantities import QUANTITIES
from derivations.core import Derivation, DerivationError
from derivations.page_letters import PAGES

AVERAGES = {
    r"\psi": "mean of the target's mode label: psi(m) = E tanh(m + h + R sqrt(v) z), z a standard normal variable, h "
    "half the log-odds of the target's modes, R their distance from the origin, v a component's variance (1 if free)",
    r"\phi": "mean of log cosh(m + h + R sqrt(v) z) over a standard normal z; its derivative is psi",
    "G": "overlap of the two components at the distance D: G(D) = E[eta (1 - eta)], eta the chance that a sample of "
    "the family came from the first",
    "I": "mutual information I(D) of a sample of the family and the component it came from, in nats",
}
"""Of the averages that the derivations write as functions."""
_GREEK = frozenset(
    ("alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota", "kappa",
     "lambda", "mu", "nu", "xi", "rho", "sigma", "varsigma", "tau", "phi", "varphi", "chi", "psi", "omega", "Gamma",
     "Delta", "Theta", "Lambda", "Pi", "Sigma", "Phi", "Psi", "Omega", "ell")
)  # fmt: skip
_ACCENTS = "bar", "hat"
_WORDS = "text", "mathrm", "operatorname", "begin", "end"  # commands whose argument is no letter
# Signs that are told once: Euler's number, a mean, an order, differentials, the index of a sum, a transposed matrix.
_SIGNS = (
    r"(?<![A-Za-z\\])e\^", r"\\mathbb\{E\}(?:_[A-Za-z\d])?", r"(?<![A-Za-z\\])O(?=\\left\(|\()",
    r"(?<![A-Za-z\\])d(?=[A-Za-z|]|\\(?:tau|log|zeta|epsilon))", r"(?<=\{)d(?=\}\{d)", r"\\sum_(?:\{[a-z]|[a-z])",
    r"\\top", r"\\begin\{[a-z]*\}", r"\\end\{[a-z]*\}",
)  # fmt: skip
_SIGN = re.compile("|".join(_SIGNS))
_LETTER = re.compile(r"\\([A-Za-z]+)|[A-Za-z]")
_INDEX = re.compile(r"_(\\mathrm\{[^{}]*\}|\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+|[A-Za-z\d])")
_ABOVE = re.compile(r"\^(\\star|(?:[a-zA-Z]|\\Lambda)(?=_))")
_WHOLE = ("{}_2F_1",)  # several characters that are one sign


def letters_in(latex: str) -> list[str]:
    r"""The letters of a formula in their order, each once.

    Example:
        >>> letters_in(r"\dot m_1 = e^{-x} w_i \psi'(m_1) + \tau_\mathrm{hot} \mu^\star")
        ['m_1', 'x', 'w_i', '\\psi', '\\tau_\\mathrm{hot}', '\\mu^\\star']
    """
    found, place, text = [], 0, _SIGN.sub(" ", latex)
    while place < len(text):
        whole = next((sign for sign in _WHOLE if text.startswith(sign, place)), None)
        if whole:
            found.append(whole)
            place += len(whole)
            continue
        match = _LETTER.match(text, place)
        if not match:
            place += 1
            continue
        letter, place = _base(text, match)
        while letter and (more := _INDEX.match(text, place) or _ABOVE.match(text, place)):
            letter += _spelled(more[0])
            place = more.end()
        if letter:
            found.append(letter)
    return list(dict.fromkeys(found))


def _base(text: str, match: re.Match[str]) -> tuple[str, int]:
    """The letter itself, "" for a command that is none, and where it ends."""
    command, end = match[1], match.end()
    if command is None or command in _GREEK:
        return match[0], end
    if command in _ACCENTS:
        accented = re.compile(r"\s*(\{[^{}]*\}|\\[A-Za-z]+|[A-Za-z])").match(text, end)
        if accented is None:
            raise ValueError(f"no letter below the accent: {text[match.start() :]}")
        return rf"\{command} {accented[1].strip('{}')}", accented.end()
    if command in _WORDS and text.startswith("{", end):
        return "", text.index("}", end) + 1
    return "", end


def _spelled(index: str) -> str:
    """One spelling of an index: braces only round what is longer than a letter."""
    inner = re.fullmatch(r"_\{([A-Za-z\d]|\\[A-Za-z]+)\}", index)
    grouped = re.fullmatch(r"_\{(\\mathrm\{[^{}]*\})\}", index)
    return f"_{inner[1]}" if inner else f"_{grouped[1]}" if grouped else index


def explained(derivation: Derivation, names: Iterable[str]) -> dict[str, tuple[str, list[str]]]:
    """The letters of some named equations: by letter its meaning and the equations in which it stands.

    Raises:
        DerivationError: a letter has no meaning, or the page's list has one that stands nowhere.
    """
    own = PAGES.get(derivation.name, {})
    found: dict[str, tuple[str, list[str]]] = {}
    for name in names:
        for left, right in derivation.equations[name].rows:
            for letter in letters_in(f"{left} = {right}"):
                _, where = found.setdefault(letter, (_meaning(derivation, own, letter, name), []))
                if name not in where:
                    where.append(name)
    spare = sorted(set(own) - set(found))
    if spare:
        raise DerivationError(f"{derivation.name}: page_letters explains {spare}, which stand in no named equation")
    return found


def _meaning(derivation: Derivation, own: dict[str, str], letter: str, equation: str) -> str:
    """What a letter of an equation means."""
    if letter in own:
        words = own[letter]
        return QUANTITIES[words].meaning if words in QUANTITIES else words
    if letter in AVERAGES:
        return AVERAGES[letter]
    known = [name for name in derivation.symbols if _plain(QUANTITIES[name].latex) == _plain(letter)]
    if len(known) == 1:
        return QUANTITIES[known[0]].meaning
    how = f"stands for {sorted(known)} on this page" if known else "has no meaning on this page"
    raise DerivationError(f"{derivation.name}: {letter} of {equation} {how}: add it to derivations/page_letters.py")


def _plain(latex: str) -> str:
    return re.sub(r"[{}\s]", "", latex)
