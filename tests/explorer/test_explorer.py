"""The explorer's page: it needs nothing else, and its numbers are the package's (docs/studies/explorer_check.py)."""

import json
import re
from html.parser import HTMLParser
from itertools import islice

import pytest

import anneal_theory as at
from derivations.browser import FILE, browser_files, named
from derivations.core import Derivation, DerivationError
from derivations.emit import ROOT
from derivations.symbols import R, m_1
from docs.chromium import chromium
from docs.explorer.build import SUMMARY, main, page
from docs.offline import loads_from_elsewhere
from docs.studies.explorer_check import (
    LEAST,
    SEED,
    check,
    differences,
    drawn,
    in_browser,
    in_package,
    opened,
)
from tests.exploration import scaled

in_chromium = pytest.mark.skipif(chromium() is None, reason="no Chromium is installed to open the explorer in")
# What the page states of P and of the map; of the rest, far below what a rate that is 1 % off does.
STATED = {"probability": 0.005, "map": 0.02, "threshold": 1e-5, "overlaps": 1e-6, "temperature": 1e-9}
FREE = {"model": "free", "separation": 3, "weight": 0.8, "dim": 8, "hot": 10, "t0": 10, "objective": "tempered-target",
        "schedule": "exponential", "alignment": 0.01}  # fmt: skip
SPHERE = FREE | {"model": "sphere", "hot": 30, "t0": 15, "objective": "free-energy", "schedule": "exponential-to-one"}
FEW = SPHERE | {"dim": 3}  # where P by the law of large dimension is off by 0.012
# Each generated rate, with the place of the one that is made 1 % larger.
MUTATIONS = [
    (setting, name, place)
    for setting, rates in (
        (FREE, {"reduced_log_flow": 3, "alignment_rate": 1, "growth_close": 1, "exponential_excess_at_clock": 1}),
        (
            SPHERE,
            {
                "sphere_pair_flow": 3,
                "common_variance_growth": 1,
                "variance_bend": 1,
                "overlap_argument": 1,
                "growth_close": 1,
            },
        ),
    )
    for name, count in rates.items()
    for place in range(count)
]


def _asked(setting, **more):
    return {"setting": setting, "times": [0.5 * setting["t0"], 2 * setting["t0"]], **more}


def test_the_page_needs_no_other_file_and_no_host(tmp_path):
    assert main([str(tmp_path / "explorer.html")]) == 0
    text = (tmp_path / "explorer.html").read_text("utf-8")
    assert loads_from_elsewhere(text) == []
    assert not re.search(r"\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|\bimport\b\s*[({'\"]|src=", text)


class _Controls(HTMLParser):
    def __init__(self):
        super().__init__()
        self.controls, self.labels = set(), set()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in ("input", "select"):
            self.controls.add(given["id"])
        if tag == "label":
            self.labels.add(given["for"])


def test_every_choice_has_a_label_and_p_is_spoken():
    found = _Controls()
    found.feed(page())
    assert found.controls == {"model", "objective", "schedule"} <= found.labels
    assert 'aria-live="polite"' in page()


def test_a_script_that_calls_what_nothing_derives_stops_the_build():
    with pytest.raises(DerivationError, match="which 0 derivations give"):
        browser_files([Derivation("trial", "none", "Trial").result(spare_formula=R * m_1)], ROOT)


def test_the_stored_differences_are_within_what_the_page_states():
    stored = json.loads(SUMMARY.read_text("utf-8"))
    assert stored["settings"] == len(stored["rows"]) == 50
    for name, largest in stored["largest"].items():
        assert largest == max(row["differences"][name] for row in stored["rows"]) <= STATED[name]
    assert f"at 50 drawn settings: {stored['largest']['probability']:.1g}" in page()


def test_the_stored_settings_are_the_drawn_ones():
    """In their order, but for those that the page refuses."""
    stored = json.loads(SUMMARY.read_text("utf-8"))
    source = [one["setting"] for one in islice(drawn(stored["seed"]), 3 * stored["settings"])]
    places = [source.index(row["setting"]) for row in stored["rows"]]
    assert places == sorted(set(places))
    assert stored["settings"] <= places[-1] + 1 <= stored["settings"] + stored["refused"]


@pytest.mark.slow
@pytest.mark.parametrize("place", [0, 2, 6, 13, 21, 34, 49])
def test_stored_numbers_are_what_the_package_says_now(place):
    """P to the sum of both stated errors, thresholds far below what the page states of them (1e-5); and the stored
    differences are those of the stored numbers."""
    stored = json.loads(SUMMARY.read_text("utf-8"))["rows"][place]
    one = next(one for one in drawn(SEED) if one["setting"] == stored["setting"])
    ours = in_package(one)
    assert stored["package"]["probability"] == pytest.approx(ours["probability"], rel=3e-4, abs=1e-12)
    assert stored["package"]["threshold"] == pytest.approx(ours["threshold"], rel=1e-8, abs=LEAST)
    kept = stored["page"]["probability"] - stored["package"]["probability"]
    assert stored["differences"]["probability"] == pytest.approx(abs(kept), abs=1e-15)


def test_the_rates_that_the_mutations_change_are_generated():
    assert {name for _, name, _ in MUTATIONS} <= named(ROOT)
    generated = (ROOT / FILE).read_text("utf-8")
    assert {name for _, name, _ in MUTATIONS} <= set(re.findall(r"^  (\w+)\(.*\) \{$", generated, re.MULTILINE))


@in_chromium
@pytest.mark.slow
def test_the_tables_of_the_page_are_the_package_s_averages():
    """Bounds of the interpolations. Third order with steps of 0.05 in b: psi = E f(b + z) with |f| <= 1 has a fourth
    derivative of at most sqrt(24), and psi' one of sqrt(120), which leaves 8e-8 and 2e-7. Four rows that are 0.08 apart
    in log r leave 1e-6 times a fourth derivative of a few. The slopes of log G bend less than those of psi."""
    places, widths = [0, 0.01, 0.4, 1.3, 2.77, 6, 11.2], [0.2, 1, 2.5, 3.7]
    script = f"""
      (() => JSON.stringify({widths}.map((r) => [true, false].map((fixed) => {{
        const tables = new LabelTables(60);
        if (fixed) tables.fix(r); else tables.move(r);
        return {places}.map((a) => [tables.psi(a), tables.psi(-a), tables.slope(a)]);
      }}))))()"""
    with opened("") as browser:
        found = json.loads(browser.value(script))
        pushes = json.loads(browser.value(f"JSON.stringify({places}.map(overlapAt))"))
    for width, (fixed, moved) in zip(widths, found, strict=True):
        target = at.BimodalTarget(width, "0.5")  # psi of a = m + h is that of a symmetric target
        for rows, bound in ((fixed, 2e-7), (moved, 1e-5)):
            for a, (psi, mirrored, slope) in zip(places, rows, strict=True):
                assert abs(psi + mirrored) <= 1e-15
                assert abs(psi - at.averages.psi(a, target)) <= bound
                assert abs(slope - at.averages.psi_prime(a, target)) <= bound / min(width, 1)
    assert pushes == pytest.approx([at.averages.mmse(distance) for distance in places], rel=1e-6)


@in_chromium
@pytest.mark.slow
def test_settings_that_the_page_was_not_fitted_to_are_within_what_it_states(capsys):
    """Drawn from the fields' whole domain with another seed than the fifty that are stored."""
    found = check(scaled(15), SEED + 1)
    assert len(found["rows"]) == scaled(15)
    assert {name for name, value in found["largest"].items() if value > STATED[name]} == set()
    assert found["largest"].keys() == STATED.keys()
    stored = [row["setting"] for row in json.loads(SUMMARY.read_text("utf-8"))["rows"]]
    assert not any(row["setting"] in stored for row in found["rows"])


@in_chromium
@pytest.mark.slow
def test_the_page_s_numbers_are_the_package_s_and_a_rate_one_per_cent_off_shows():
    """One start of the browser for all: settings, refused ones, and each mutation."""
    drawn_ones = [one for one in islice(drawn(7), 40) if 3 <= one["setting"]["separation"] <= 4][:2]
    right = [_asked(FREE), _asked(SPHERE), _asked(FEW), *drawn_ones]
    faulty = [_asked(FREE | change) for change in ({"dim": 2.5}, {"hot": 0.5}, {"separation": 1.2})]
    faulty += [_asked(SPHERE | {"dim": 2}), _asked(FEW | {"separation": 1.2})]
    changed = [_asked(setting, quick=True, mutation=[name, place]) for setting, name, place in MUTATIONS]
    found = in_browser(right + faulty + changed)
    ours = [in_package(one) for one in right]
    large = at.collapse_probability(
        at.BimodalTarget(3, 0.8), at.ExponentialToOne(30, duration=15), at.SphereInit(3), objective="free-energy",
        constraint="sphere", variance="trained", variance_law="large-dim",
    )  # fmt: skip
    assert abs(large.value - ours[2]["probability"]) > 2 * STATED["probability"]
    for one, theirs, mine in zip(right, found, ours, strict=False):
        assert all(value <= STATED[name] for name, value in differences(one, theirs, mine).items()), one
    told = [one["faults"] for one in found[len(right) : len(right) + len(faulty)]]
    assert told[0] == {"dim": "must be a whole number from 2 to 10000: it is 2.5."}
    assert told[1] == {"hot": "must be a number from 1 to 10000: it is 0.5."}
    assert re.match(r"must be at least 1\.\d+ at this weight, so", told[2]["separation"])
    assert told[3] == {"dim": "must be a whole number from 3 to 10000: it is 2."}
    assert re.match(r"must be at least \d\.\d+ at this weight and dimension, so.* or take more dimensions\.$",
                    told[4]["separation"])  # fmt: skip
    for (setting, name, place), one, theirs in zip(MUTATIONS, changed, found[-len(changed) :], strict=True):
        seen = differences(one, theirs, ours[0] if setting is FREE else ours[1])
        assert any(value > STATED[kind] for kind, value in seen.items()), (name, place)
