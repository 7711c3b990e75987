"""The explorer as a reader has it: on a phone, in the dark, by keyboard, with a screen reader."""

import time

import pytest

import anneal_theory as at
from docs.chromium import chromium
from docs.rendered import too_wide
from docs.studies.explorer_check import opened
from tests.reading import cut, faint, spoken, unreached

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium is installed to open the explorer in"),
]
STATED = 0.005  # error of P, as the page says
FIELDS = "separation", "weight", "dim", "hot", "t0", "alignment"


@pytest.fixture(scope="module")
def browser():
    with opened() as one:
        until(one, 'by("progress").textContent.startsWith("all")')
        yield one


def until(browser, condition):
    """Wait until a condition of the page holds; the test ends in a minute if it never does."""
    end = time.monotonic() + 60
    while not browser.value(condition):
        assert time.monotonic() < end, condition
        time.sleep(0.05)


def written(browser, name):
    return float(browser.value(f'by("{name}").value'))


def enter(browser, name, value):
    browser.value(f'by("{name}").value = "{value}"; by("{name}").dispatchEvent(new Event("input"))')


def probability(browser):
    until(browser, r'/^\d/.test(by("probability").textContent)')
    return float(browser.value('by("probability").textContent'))


def test_the_worker_s_number_is_shown_and_spoken(browser):
    assert probability(browser) == pytest.approx(0.66798, abs=STATED)
    told = browser.value('by("spoken").textContent')
    assert told == "Probability of collapse 0.668, free means of variance 1"
    assert browser.value('by("spoken").getAttribute("aria-live")') == "polite"
    assert browser.requests == browser.complaints == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_all_of_it_is_read_in_either_colour_and_on_a_phone(browser, width, dark):
    browser.look(width, dark=dark)
    browser.value("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")
    assert faint(browser) == []
    assert cut(browser) == []
    assert too_wide(browser, width) == []


def test_the_tab_key_comes_to_every_control_and_shows_where_it_is(browser):
    browser.value("document.activeElement.blur()")
    assert unreached(browser) == []


def test_every_control_and_drawing_has_a_name(browser):
    told = spoken(browser)
    assert [one for one, name in told.items() if not name] == []
    counts = {role: sum(one.startswith(f"{role} ") for one in told) for role in ("slider", "spinbutton", "combobox")}
    assert counts == {"slider": len(FIELDS), "spinbutton": len(FIELDS), "combobox": 3}
    assert any("Map of the probability of collapse" in name for name in told.values())


def test_arrow_keys_move_every_slider_and_the_numbers_follow(browser):
    for name in FIELDS:
        before = written(browser, name)
        browser.value(f'by("{name}-slider").focus()')
        for _ in range(40):
            browser.press("ArrowRight")
        assert written(browser, name) > before
        text = browser.value(f'by("{name}-slider").getAttribute("aria-valuetext")')
        assert text.startswith(browser.value(f'by("{name}").value') + " ")
    own = {name: written(browser, name) for name in FIELDS}
    target = at.BimodalTarget(own["separation"], own["weight"])
    schedule, init = at.Exponential(own["hot"], own["t0"]), at.GaussianInit(round(own["dim"]))
    assert probability(browser) == pytest.approx(at.collapse_probability(target, schedule, init).value, abs=STATED)


def test_the_map_is_walked_by_keys_and_enter_takes_its_cell(browser):
    enter(browser, "hot", 10)
    browser.value('by("map").focus()')
    browser.press("ArrowRight")
    browser.press("ArrowUp")
    told = browser.value('by("cell-words").textContent')
    browser.press("Enter")
    assert told.startswith(f"T0 = {written(browser, 'hot'):g}, t0 = {written(browser, 't0'):g}:")
    assert written(browser, "hot") > 10


@pytest.mark.parametrize("alignment", [0.12, 0.05])  # on either side of the threshold, 0.0879
def test_the_path_in_the_plane_ends_where_the_overlaps_do(browser, alignment):
    setting = {"separation": 3, "weight": 0.8, "dim": 128, "hot": 10, "t0": 10, "alignment": alignment}
    for name, value in setting.items():
        enter(browser, name, value)
    until(browser, 'last.run && by("run-words").textContent.startsWith("This start")')
    last = browser.value("(({m1, m2}) => [m1, m2])(last.run.points.at(-1))")
    assert (last[0] * last[1] < 0) == (alignment == 0.12)
    at_end = browser.value("""(() => {
      const box = by("plane").querySelector("rect").getBBox(), mode = setting.separation ** 2;
      const end = by("plane").querySelector(".end-point").getBBox(), lines = [...by("plane").querySelectorAll(".mode")];
      const across = lines.map((one) => one.getBBox()).filter((one) => one.width === 0).map((one) => one.x);
      across.sort((a, b) => a - b);
      const unit = (across[1] - across[0]) / (2 * mode), middle = [box.x + box.width / 2, box.y + box.height / 2];
      return [(end.x + end.width / 2 - middle[0]) / unit, (middle[1] - end.y - end.height / 2) / unit];
    })()""")
    assert at_end == pytest.approx(last, abs=1e-3)


def test_a_faulty_field_leaves_no_number_and_says_why(browser):
    enter(browser, "hot", 0.5)
    until(browser, 'by("hot-fault").textContent !== ""')
    assert (
        browser.value('by("hot-fault").textContent')
        == "Initial temperature T0 must be a number from 1 to 10000: it is 0.5."
    )
    assert browser.value('by("hot").getAttribute("aria-invalid")') == "true"
    assert browser.value('by("probability").textContent') == "–"
    assert faint(browser) == []
    enter(browser, "hot", 10)
    probability(browser)
