"""What the checks of a page for its readers must find, and what they must leave alone."""

import pytest

from docs.chromium import Browser, chromium
from tests.reading import cut, faint, picture_contrast, spoken, unreached

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium is installed to open pages in"),
]


@pytest.fixture(scope="module")
def browser():
    with Browser() as one:
        yield one


@pytest.fixture
def shown(browser, tmp_path):
    def show(body):
        page = tmp_path / "page.html"
        page.write_text(f'<!doctype html><html lang="en"><body style="margin: 0">{body}</body></html>', "utf-8")
        browser.open(page, width=390)
        return browser

    return show


def _drawing(place, words="ab"):
    return f'<svg width="200" height="50"><text x="{place}" y="30">{words}</text></svg>'


@pytest.mark.parametrize(
    ("check", "body", "told"),
    [
        (faint, '<p style="color: #999">grey</p>', "2.85: p grey"),
        (faint, '<div style="background: #333"><p>black</p></div>', "1.66: p black"),
        (
            faint,
            '<svg><rect fill="#00f" width="50" height="50"/><text y="20">on blue</text></svg>',
            "2.44: text on blue",
        ),
        (cut, '<p style="width: 500px">long</p>', "beyond the window: p long"),
        (cut, '<p style="width: 50px; overflow: hidden; white-space: nowrap">a long line</p>', "cut: p a long line"),
        (cut, _drawing(190, "a word"), "outside its drawing: text a word"),
        (cut, _drawing(-8, "a word"), "outside its drawing: text a word"),
        (unreached, '<a href="#a" style="outline: none">a</a>', "focus not shown: a a"),
        (unreached, '<div onfocusin="document.activeElement.blur()"><button>b</button></div>', "not reached: button b"),
    ],
)
def test_what_stands_in_a_reader_s_way_is_found(shown, check, body, told):
    assert told in check(shown(body))


@pytest.mark.parametrize("check", [faint, cut, unreached])
@pytest.mark.parametrize(
    "body",
    [
        '<p style="color: #595959">dark enough</p><p hidden style="color: #eee">not shown</p>',
        '<div style="overflow-x: auto"><p style="width: 500px">a wide table</p></div>',
        _drawing(20),
        '<a href="#a">a</a><button>b</button><button disabled>c</button><details><summary>d</summary>e</details>',
    ],
)
def test_what_is_as_it_should_be_is_left_alone(shown, check, body):
    assert check(shown(body)) == []


def test_names_are_those_that_a_screen_reader_says(shown):
    told = spoken(shown('<input type="range"><label>Heat <input type="number"></label><img alt="A map" src="data:,">'))
    assert sorted((one.split()[0], name) for one, name in told.items()) == [
        ("image", "A map"), ("slider", ""), ("spinbutton", "Heat"),
    ]  # fmt: skip


def test_the_contrast_of_a_picture_is_that_of_its_parts(shown):
    for colour, contrast in (("black", 21.0), ("%23959595", 3.0)):
        part = f"<rect width='20' height='40' fill='{colour}'/>"
        image = f"<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40'>{part}</svg>"
        page = shown(f'<img src="data:image/svg+xml,{image}">')
        assert picture_contrast(page, 0) == pytest.approx(contrast, abs=0.05)
