"""Meanings with their letters as mathematics: what is a letter, and what is a word."""

import re

import pytest

from anneal_theory.formulas.equations import LETTERS
from anneal_theory.quantities import QUANTITIES
from anneal_theory.quantities.typeset import in_html, in_markdown, in_title
from tests.conftest import ROOT

# What a page must not keep as it is typed: the name of a letter, an index, a power, or a letter by itself.
TYPED = re.compile(
    r"\b(alpha|beta|gamma|delta|epsilon|eta|theta|kappa|lambda|mu|nu|xi|rho|sigma|tau|phi|psi|omega)\b"
    r"(?! function| integral)|[A-Za-z]\\?_\w|\^|(?<![\w'])[b-zB-Z](?!\w)"
)
MEANINGS = sorted(
    {meaning for rows in LETTERS.values() for _, meaning, _ in rows} | {one.meaning for one in QUANTITIES.values()}
)


@pytest.mark.parametrize(
    ("typed", "markdown", "shown"),
    [
        ("overlap mu_1 . mu*", r"overlap $\mu_1$ · $\mu^\star$", "overlap <i>μ</i><sub>1</sub> · <i>μ</i>*"),
        ("R^2 psi'(s*)", r"$R^{2}$ $\psi'$($s^\star$)", "<i>R</i><sup>2</sup> <i>ψ</i>′(<i>s</i>*)"),
        ("p^(n^2)", "$p^{n^{2}}$", "<i>p</i><sup><i>n</i><sup>2</sup></sup>"),
        ("|z|^gamma", r"\|$z$\|${}^{\gamma}$", "|<i>z</i>|<sup><i>γ</i></sup>"),
        ("R sqrt(v) z, 1/sqrt(1 - y^2)", "$R$ √$v$ $z$, 1/√(1 − $y^{2}$)", None),
        ("(a c r)^(1/3), a/R^2", "($a$ $c$ $r$)${}^{1/3}$, $a$/$R^{2}$", None),
        ("O(a^-3), |s|^-gamma", r"$O$($a^{-3}$), \|$s$\|${}^{-\gamma}$", None),
        ("a, c of y' = a y^2 at a beta integral", "$a$, $c$ of $y'$ = $a$ $y^{2}$ at a beta integral", None),
        ("1/omega and xi", r"1/$\omega$ and $\xi$", "1/<i>ω</i> and <i>ξ</i>"),
        ("x_after", r"$x_{\mathrm{after}}$", "<i>x</i><sub>after</sub>"),
        ("w1 < T0", r"$w_1$ \< $T_0$", "<i>w</i><sub>1</sub> &lt; <i>T</i><sub>0</sub>"),
        (
            "a start's law, incomplete beta function, to_dict",
            r"a start's law, incomplete beta function, to\_dict",
            None,
        ),
    ],
)
def test_letters_are_set_and_words_left_alone(typed, markdown, shown):
    assert in_markdown(typed) == markdown
    assert shown is None or in_html(typed) == shown


@pytest.mark.parametrize("meaning", MEANINGS)
def test_no_meaning_keeps_an_index_a_power_or_a_star_as_it_is_typed(meaning):
    words = re.sub(r"\$[^$]*\$", "", in_markdown(meaning))
    assert not re.search(r"\^|mu\b|(?<!\\)\*|[A-Za-z]\d", words.replace("to\\_dict", ""))
    shown = re.sub(r"<[^>]*>", "", in_html(meaning).replace("to_dict", ""))
    assert "^" not in shown
    assert not re.search(r"\w_\w", shown)


@pytest.mark.parametrize("title", ["R^2 and all", "the mean mu_1", "the weight w*"])
def test_a_title_has_single_letters_alone(title):
    with pytest.raises(ValueError, match="write it in words"):
        in_title(title)


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "derivations").glob("*.md")), ids=lambda page: page.stem)
def test_headings_of_derivation_pages_have_their_letters_as_the_equations_have_them(page):
    """And what is said of the results, but for the names of functions."""
    head = re.compile(r"# .*|`\w+\(.*|\*\*[^*]+\*\*( \(.*\)\.$)?")
    lines = [found[0] for line in page.read_text("utf-8").splitlines() if (found := head.match(line))]
    assert lines
    assert [line for line in lines if TYPED.search(re.sub(r"\$[^$]*\$|`[^`]*`|\*\w\*", "", line))] == []
