"""The check of built pages in a browser: what it must find, and what it must leave alone."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from docs.chromium import Browser, chromium
from docs.rendered import faults, main
from tests.conftest import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium is installed to open pages in"),
]
PICTURE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/%3E"


@pytest.fixture(scope="module")
def browser():
    with Browser() as one:
        yield one


def found(browser, folder, body):
    page = folder / "page.html"
    page.write_text(f'<!doctype html><meta name="viewport" content="width=device-width"><body>{body}</body>', "utf-8")
    return faults(browser, page)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('<script src="https://cdn.example/x.js"></script>', "asks for https://cdn.example/x.js"),
        ("<script>fetch('http://host.example/').catch(() => 0)</script>", "asks for http://host.example/"),
        (
            "<style>p { background: url(//cdn.example/a.png) }</style><p>A</p>",
            "error: ",
        ),  # of a file, where there is none
        ("<script>setTimeout(() => { throw new Error('broken') })</script>", "error: Error: broken"),
        ("<script>console.error('no', 1)</script>", "error: no 1"),
        ('<img src="gone.png">', "picture not shown: gone.png"),
        ('<div style="height: 4000px"></div><img loading="lazy" src="gone.png">', "picture not shown: gone.png"),
        (r'<span class="math">\(\mu_1\)</span>', r"formula not set: \(\mu_1\)"),
        ('<span class="math"><mjx-container><mjx-merror>x</mjx-merror></mjx-container></span>', "formula not set: x"),
        (r"<p>where \(x\) is</p>", r"markup left in the text: \("),
        (r"<p>the overlap $\mu_1$ is</p>", r"markup left in the text: $\mu_1$"),
        ("<p>| a | b |\n|---|---|\n| 1 | 2 |</p>", "markup left in the text: |---|"),
        ('<div style="width: 600px">wide</div>', "wider than 390 pixels: 608 pixels, div"),
    ],
)
def test_what_a_reader_would_miss_is_found(browser, tmp_path, body, told):
    assert any(one.startswith(told) for one in found(browser, tmp_path, body))


@pytest.mark.parametrize(
    "body",
    [
        '<a href="https://arxiv.org/abs/2602.12923">the paper</a>',
        f'<img src="{PICTURE}">',
        r"<pre>\frac{1}{2} $x_1$</pre><code>\(</code>",
        "<p>from $5 to $6</p><p>P(a | b) and c | d</p>",
        '<div style="overflow-x: auto"><div style="width: 600px">a wide table</div></div>',
        '<script>"\\\\mu $x_1$"; console.log("said")</script>',
    ],
)
def test_what_is_as_it_should_be_is_left_alone(browser, tmp_path, body):
    assert found(browser, tmp_path, body) == []


def test_a_page_that_cannot_be_opened_is_told(browser, tmp_path):
    with pytest.raises(RuntimeError, match="cannot open file:"):
        browser.open(tmp_path / "gone.html")


def test_an_expression_that_throws_is_told(browser):
    with pytest.raises(RuntimeError, match="ReferenceError: nothing is not defined"):
        browser.value("nothing")


def test_the_reader_s_colours_width_and_keys_reach_the_page(browser, tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<button>a</button><button id="b" onclick="this.textContent = \'pressed\'">b</button>', "utf-8")
    browser.open(page, width=390, dark=True)
    assert browser.value("[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]") == [390, True]
    for key in ("Tab", "Tab", "Enter"):
        browser.press(key)
    assert browser.value("document.activeElement.textContent") == "pressed"


def test_a_picture_that_is_wider_than_a_phone_says_that_it_scrolls_and_fades_where_it_has_more(browser, tmp_path):
    """A black one, which covers what is behind it: as dark as it is at an end that has no more."""
    black = PICTURE.replace("/%3E", " style='background: black'/%3E")
    style = f'<link rel="stylesheet" href="{(ROOT / "docs" / "_static" / "pages.css").as_uri()}">'
    assert found(browser, tmp_path, f'{style}<div class="cell_output"><img class="broad" src="{black}"></div>') == []
    browser.look(390)
    box = browser.value("""(() => {
      const {x, y, width, height} = document.querySelector(".cell_output").getBoundingClientRect();
      return {x, y: y + height / 2, width, height: 2, scale: 1}; })()""")
    words = "getComputedStyle(document.querySelector('.cell_output'), '::before').content"
    assert browser.value(words) == '"scrolls sideways \u2192"'
    for place, faded in ((0, (False, True)), (120, (True, True)), (9999, (True, False))):
        browser.value(f"document.querySelector('.cell_output').scrollLeft = {place}")
        browser.value("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")
        shot = browser.call("Page.captureScreenshot", format="png", clip=box)
        with Image.open(io.BytesIO(base64.b64decode(shot["data"]))) as image:
            row = np.asarray(image.convert("L"))[1]
        assert (row[3] > 100, row[-4] > 100) == faded, place
        assert row[len(row) // 2] < 10


@pytest.mark.parametrize("words", [[], ["one", "two"]])
def test_the_check_says_what_it_takes(monkeypatch, words):
    monkeypatch.setattr("sys.argv", ["docs.rendered", *words])
    with pytest.raises(SystemExit, match="give the folder of built pages"):
        main()
