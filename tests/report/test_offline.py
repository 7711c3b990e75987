"""The check that built pages load nothing from other hosts: what it must find, and what it must leave alone."""

import pytest

from docs.offline import loads_from_elsewhere


@pytest.mark.parametrize(
    "page",
    [
        '<script src="https://cdn.example/mathjax.js"></script>',
        '<link rel="stylesheet" href="//fonts.example/inter.css">',
        '<link rel="preload" as="font" href="http://fonts.example/inter.woff2">',
        "<style>@import 'https://fonts.example/inter.css';</style>",
        '<p style="background: url(https://cdn.example/a.png)">',
        '<img src="https://cdn.example/badge.svg">',
    ],
)
def test_what_a_page_loads_from_another_host_is_found(page):
    assert len(loads_from_elsewhere(page)) == 1


@pytest.mark.parametrize(
    "page",
    [
        '<script src="_static/mathjax/tex-svg-full.js"></script>',
        '<a href="https://arxiv.org/abs/2602.12923">the paper</a>',
        '<link rel="canonical" href="https://docs.example/theory.html">',
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
    ],
)
def test_links_and_own_files_are_no_loads(page):
    assert loads_from_elsewhere(page) == []


def test_a_style_sheet_is_looked_through_as_a_page_is():
    assert loads_from_elsewhere("a { background: url('https://cdn.example/a.png') }", ".css") == [
        "https://cdn.example/a.png"
    ]
