"""Every letter of an equation that reports show is explained, by the right page, or the build stops."""

import re

import pytest

from anneal_theory.formulas.equations import EQUATIONS, LETTERS
from anneal_theory.quantities import QUANTITIES
from derivations import letters
from derivations.core import Derivation, DerivationError
from derivations.symbols import R, m_1, psi_1, symbol

# What stands in LaTeX and is no letter, told once in the report: names, layout, signs.
_NAMES = re.compile(r"\\(?:text|mathrm|operatorname|begin|end)\{[^{}]*\}|\{\}_2F_1")
_SIGNS = set("eEOd") | {r"\pi", r"\partial", r"\nabla"}
_INDICES = set("ijk")
_ENDS = "eta|mma|lta|ilon|zeta|psi|phi|rho|tau|chi|igma|kappa|alpha|ambda|omega|nu|mu|xi"  # of Greek letters
_GREEK = re.compile(rf"\\(?:[a-z]*(?:{_ENDS})|Gamma|Delta|Lambda|Sigma|Phi|Pi|Psi|Omega|ell)(?![a-z])")


def characters(latex):
    """The characters of a formula that a reader takes for letters, found without the build's own reading of it."""
    text = _NAMES.sub(" ", latex)
    greek = set(_GREEK.findall(text))
    return greek | set(re.sub(r"\\[A-Za-z]+", " ", text)) & set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


@pytest.mark.parametrize(("title", "named"), EQUATIONS, ids=[title for title, _ in EQUATIONS])
def test_every_letter_of_a_section_stands_in_its_table(title, named):
    for name, rows in named:
        explained = {one for letter, _, where in LETTERS[title] if name in where for one in characters(letter)}
        found = {one for row in rows for one in characters(row)}
        assert found - explained - _SIGNS - _INDICES == set(), name


def test_no_table_has_a_letter_that_its_section_lacks_or_one_without_a_meaning():
    for title, named in EQUATIONS:
        rows = dict(named)
        assert len({letter for letter, _, _ in LETTERS[title]}) == len(LETTERS[title])
        for letter, meaning, names in LETTERS[title]:
            assert len(meaning) > 3
            for name in names:
                assert characters(letter) <= {one for row in rows[name] for one in characters(row)}, (letter, name)


@pytest.mark.parametrize(
    ("latex", "found"),
    [
        (r"\dot s_{12} = R^{2} \psi'(m_1) - x_{c}", ["s_{12}", "R", r"\psi", "m_1", "x_c"]),
        (r"e^{-D^2/8} \mathbb{E}_i[r^2] + O(R^{-4})", ["D", "r", "R"]),
        (r"d\log\rho/d\tau = \frac{d}{2} - \sum_j A_{ij}", [r"\rho", r"\tau", "d", "A_{ij}"]),
        (r"\bar\Phi(y) + \hat\Delta", [r"\bar \Phi", "y", r"\hat \Delta"]),
        (r"\tau_\mathrm{hot} + \rho_{\mathrm{after}} + \mathrm{KL}", [r"\tau_\mathrm{hot}", r"\rho_\mathrm{after}"]),
        (r"S^q_i + F^\Lambda_M - \mu^\star_k + q^{p}", ["S^q_i", r"F^\Lambda_M", r"\mu^\star_k", "q", "p"]),
        (r"{}_2F_1(p; \kappa)", ["{}_2F_1", "p", r"\kappa"]),
    ],
)
def test_letters_are_read_with_their_index_and_signs_are_none(latex, found):
    assert letters.letters_in(latex) == found


def derivation(shown):
    made = Derivation("tried", "theory section 4", "Tried")
    made.step("a rate", R**2 * psi_1 - m_1, shown, name="tried_rate")
    return made


def test_a_meaning_is_the_page_s_own_or_that_of_its_symbol(monkeypatch):
    monkeypatch.setattr(letters, "PAGES", {"tried": {"F": "a rate that is tried", "m_1": "m2"}})
    found = letters.explained(derivation("F"), ["tried_rate"])
    assert found["F"] == ("a rate that is tried", ["tried_rate"])
    assert found["R"][0] == QUANTITIES["separation"].meaning
    assert found["m_1"][0] == QUANTITIES["m2"].meaning  # the page says so
    assert found[r"\psi"][0] == letters.AVERAGES[r"\psi"]


def test_a_letter_without_a_meaning_or_with_two_stops_the_build(monkeypatch):
    monkeypatch.setattr(letters, "PAGES", {})
    with pytest.raises(DerivationError, match=r"tried: F of tried_rate has no meaning on this page: add it"):
        letters.explained(derivation("F"), ["tried_rate"])
    both = derivation(symbol("difference_cosine") + symbol("log_rho"))
    with pytest.raises(DerivationError, match=r"stands for \['difference_cosine', 'log_rho'\] on this page"):
        letters.explained(both, ["tried_rate"])


def test_a_meaning_that_no_equation_needs_stops_the_build(monkeypatch):
    monkeypatch.setattr(letters, "PAGES", {"tried": {"F": "a rate", "Z": "nothing"}})
    with pytest.raises(DerivationError, match=r"explains \['Z'\], which stand in no named equation"):
        letters.explained(derivation("F"), ["tried_rate"])
