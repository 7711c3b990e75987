"""The report's page: its sentences have the package's numbers and follow the setting, and every reader can use it."""

import html
import math
import re
import sys
from dataclasses import replace
from importlib.resources import files

import pytest

import anneal_theory as at
from anneal_theory.compare import interval
from anneal_theory.report import Setting, compute, data, default_study, own_study, realnvp, render
from anneal_theory.report.story import losses_of
from docs.chromium import Browser, chromium
from docs.rendered import too_wide
from tests.reading import CONTRAST, cut, faint, picture_contrast, spoken, unreached

TARGET, INIT = at.BimodalTarget(3, "0.8"), at.GaussianInit(128)
ANNEALED, BARE = at.Exponential(10, 10), at.Constant(1)
in_chromium = pytest.mark.skipif(chromium() is None, reason="no Chromium is installed to open the report in")


def _page(study, equations=True):
    """A report without what takes long and other tests ask for: many rows, a fine map, designs, slow annealing."""
    with pytest.MonkeyPatch.context() as patch:
        if not equations:
            patch.setattr(sys.modules["anneal_theory.report.render"], "derivation_sections", lambda schedule: [])
        patch.setattr(data, "budget_designs", lambda study: ())
        patch.setattr(data, "slow_curves", _refused)
        return render(compute(replace(study, rows=study.rows[:1], replicas=50, grid=3)))


def _refused(*_):
    raise at.DomainError("left out")


def _text(page):
    """What a reader sees, an index after a line."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    body = re.sub(r"<sub>(.*?)</sub>", r"_\1", body)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", body)))


@pytest.fixture(scope="module")
def default():
    return _page(default_study())


@pytest.fixture(scope="module")
def alike():
    """Of a target below its critical separation, where every pair ends alike."""
    target = at.BimodalTarget("1.5", "0.8")
    assert target.separation < at.critical_separation("0.8")
    return _page(own_study(Setting(target, ANNEALED, at.GaussianInit(8)), at.Dynamics()), equations=False)


@pytest.mark.slow
def test_both_probabilities_stand_side_by_side_and_are_the_package_s(default):
    bare, annealed = (at.collapse_probability(TARGET, one, INIT).value for one in (BARE, ANNEALED))
    text = _text(default)
    found = re.search(
        r"a share of ([\d.]+) of all starts collapses.*?With annealing fewer do: ([\d.]+), where the temperature falls "
        r"exponentially from T = 10 towards 1: T − 1 by a factor of e in each 10 units of gradient-flow time\.",
        text,
    )
    assert found.groups() == (f"{bare:.4g}", f"{annealed:.4g}")
    cards = re.search(
        r"([\d.]+)probability of collapse without annealing, ± \S+ ([\d.]+)probability of collapse with annealing", text
    )
    assert cards.groups() == found.groups()
    assert found.end() < cards.start() < text.index("One start, trained twice")


@pytest.mark.slow
def test_the_better_fit_is_the_collapsed_one_and_the_page_says_why_that_is_no_contradiction(default):
    losses = {kind: min(one.loss for one in at.attractors(TARGET) if one.collapsed == kind) for kind in (True, False)}
    assert (f"{losses[True]:.5f}", f"{losses[False]:.5f}") == ("0.22124", "0.22207")  # of the issue
    found = re.search(
        r"the collapsed end is the better fit: KL = ([\d.]+) against ([\d.]+) with a component at either mode\. "
        r"That is no contradiction\. The components weigh 1/2, .*? charges about as much for that as for leaving the "
        r"lighter mode out, which costs about ([\d.]+), the logarithm of one over the heavier mode's weight\.",
        _text(default),
    )
    assert found.groups() == (f"{losses[True]:.5g}", f"{losses[False]:.5g}", f"{math.log(1 / 0.8):.5g}")


@pytest.mark.slow
def test_the_start_and_the_constants_of_the_sentences_are_the_package_s(default):
    text = _text(default)
    s0, distance, rho = re.search(r"s_0 = ([\d.]+), distance D_0 = ([\d.]+), .*? ρ = ([\d.]+), between", text).groups()
    centre = 3 / math.sqrt(2 * 128)
    low, high = (at.collapse_threshold(TARGET, one, s0=centre, distance_squared=2).value for one in (ANNEALED, BARE))
    assert (s0, distance, rho) == (f"{3 / 16:.3g}", f"{math.sqrt(2):.4g}", f"{math.sqrt(low * high):.3g}")
    for value, digits, words in (
        (at.collapse_threshold(TARGET, ANNEALED, distance_squared=2).value, 5, "threshold ρ_c"),
        (at.critical_temperature(TARGET), 6, "critical temperature T_c"),
        (at.critical_separation("0.8"), 6, "critical separation R_c"),
        (at.collapsed_state(TARGET).escape_rate, 6, "escape rate κ*"),
    ):
        assert f"{value:.{digits}g}{words}" in text
    assert f"The line is the critical temperature T_c = {at.critical_temperature(TARGET):.4g}, above which" in text


@pytest.mark.slow
def test_no_critical_temperature_is_told_where_no_line_of_it_is_drawn(alike):
    """But for the section of the paper's setting, which tells of both models whatever the setting is."""
    before, rest = _text(alike).split("The paper's own setting beside this one")
    own = before + rest.partition("Formula beside simulation")[2].partition("RealNVP flows beside")[0]
    assert re.search(r"temperature that decides ?none ?T_a = 15\.35\b", rest)
    assert "T_c" not in own
    assert "The line is" not in own
    assert "better fit" not in own  # there is one kind of end
    assert losses_of(at.BimodalTarget("1.5", "0.8")) is None
    assert "so no temperature is critical" in own
    assert re.search(r"a share of 1 of all starts collapses.* as many do: 1,", own)
    assert "One start, trained twice" not in own


@pytest.mark.slow
def test_the_story_has_its_order_and_both_models_stand_beside_each_other(default):
    heads = re.findall(r"<h[12]>(.*?)</h[12]>", default)
    told = ["How likely", "Setting", "The paper", "Formula", "Two", "Temperature", "RealNVP", "Digits", "The equations"]
    assert len(heads) == len(told)  # slow annealing and designs, which this page leaves out, follow the temperature
    assert all(head.startswith(word) for head, word in zip(heads, told, strict=True))
    template = files("anneal_theory.report").joinpath("template.html").read_text("utf-8")
    places = [template.index(f"<h2>{word}") for word in ("Temperature", "Slow", "Which", "RealNVP")]
    assert places == sorted(places)
    init, rules = at.SphereInit(512), {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
    bare, annealed = (
        at.collapse_probability(TARGET, one, init, **rules).value
        for one in (BARE, at.ExponentialToOne(90, duration=35))
    )
    free = [at.collapse_probability(TARGET, one, INIT).value for one in (BARE, ANNEALED)]
    rows = re.findall(r"<tr><td class=\"word\">(P\(collapse\).*?)</tr>", default)
    cells = [re.findall(r">([\d.]+)<", row) for row in rows]
    assert cells == [[f"{free[0]:.4g}", f"{bare:.4g}"], [f"{free[1]:.4g}", f"{annealed:.4g}"]]


@pytest.mark.slow
def test_both_intervals_of_a_count_stand_in_its_row(default):
    row = re.search(r"<tr><td>3</td>.*?</tr>", default)[0]
    exact, large, simulated, usual, strict = re.findall(r"<td>(0\.\d+(?: to \d\.\d+)?)</td>", row)[-5:]
    count = round(float(simulated) * 50)
    for shown, confidence in ((usual, 0.95), (strict, 0.999)):
        assert shown == "{:.4f} to {:.4f}".format(*interval(count, 50, confidence))
    assert abs(float(exact) - float(large)) < 0.2
    for stored in realnvp.section()["baselines"]:
        assert "{:.3f} to {:.3f}".format(*interval(stored["collapsed"], stored["replicas"], 0.95)) in default


@pytest.fixture(scope="module")
def browser(default, tmp_path_factory):
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(default, "utf-8")
    with Browser() as one:
        one.open(file)
        one.value("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        yield one


@in_chromium
@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_all_of_it_is_read_in_either_colour_and_on_a_phone(browser, width, dark):
    browser.look(width, dark=dark)
    assert too_wide(browser, width) == []
    assert cut(browser) == []
    assert faint(browser) == []
    kinds = browser.value("[...document.images].map(({parentElement: one}) => one.className || one.localName)")
    for kind in set(kinds):  # a figure, an equation, a letter: all of a kind are drawn alike
        assert picture_contrast(browser, kinds.index(kind)) >= CONTRAST, kind
    assert browser.requests == browser.complaints == []


@in_chromium
@pytest.mark.slow
@pytest.mark.parametrize(("width", "columns"), [(390, 2), (1280, 4)])
def test_all_frames_of_the_first_screen_are_seen_at_any_width(browser, width, columns):
    """The picture is no wider than the window, and the one that is shown has so many frames beside each other."""
    browser.look(width)
    picture = "document.querySelector('.broad img')"
    assert browser.value(f"{picture}.getBoundingClientRect().right") <= width
    wide, high = browser.value(f"[{picture}.naturalWidth, {picture}.naturalHeight]")
    assert (wide > high) == (columns == 4)
    assert browser.value(f"{picture}.currentSrc.length") > 1000  # it is one of the page's own
    assert browser.value(f"{picture}.parentElement.parentElement.scrollWidth") <= width


@in_chromium
@pytest.mark.slow
@pytest.mark.parametrize(("width", "height"), [(390, 600), (1280, 400)])
def test_both_probabilities_stand_on_the_first_screen_beside_each_other(browser, width, height):
    """Of the smallest phones, and in the upper half of a window of 800 pixels."""
    browser.look(width)
    boxes = browser.value("""[...document.querySelectorAll(".headline.first > div")].map((one) => {
        const {left, top, bottom} = one.getBoundingClientRect(); return [left, top + scrollY, bottom + scrollY]; })""")
    (left, top, low), (right, other, _) = boxes
    assert left < right
    assert top == other
    assert low <= height


@in_chromium
@pytest.mark.slow
def test_what_scrolls_sideways_shows_that_it_does(browser):
    browser.look(390)
    found = browser.value("""[...document.querySelectorAll('*')]
        .filter((one) => one.scrollWidth > one.clientWidth && getComputedStyle(one).overflowX === 'auto')
        .map((one) => [one.className, getComputedStyle(one).backgroundImage.split('linear-gradient').length - 1])""")
    assert {name for name, _ in found} == {"wide", "equation"}
    assert {shades for _, shades in found} == {4}  # two that come with the content, two that stay at the ends


@in_chromium
@pytest.mark.slow
def test_the_tab_key_comes_to_everything_and_pictures_have_names(browser):
    browser.look(390)
    assert unreached(browser) == []
    told = spoken(browser)
    assert len(told) > 100
    assert [one for one, name in told.items() if not name] == []


def test_where_every_pair_ends_alike_slow_annealing_is_not_drawn():
    """Between the cusp and the critical separation there is a critical temperature, and no collapse to make rarer."""
    target = at.BimodalTarget("1.65", "0.8")
    assert at.critical_temperature(target) > 1
    assert target.separation < at.critical_separation("0.8")
    assert data._slow(own_study(Setting(target, ANNEALED, at.GaussianInit(8)), at.Dynamics())) is None
