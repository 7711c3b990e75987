"""Digits on the command line: what is printed reads back as what the package computed."""

import json
from fractions import Fraction
from types import SimpleNamespace

import mpmath as mp
import pytest

import anneal_theory as at
from anneal_theory.cli.app import run
from anneal_theory.fixed_points.transient_gain import transient_gain
from tests.advice import refused

SLOW = ["--initial-temperature", "10", "--decay-time", "3000"]


def document(capsys, *line):
    assert run([*line, "--json"]) == 0
    return json.loads(capsys.readouterr().out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


def ball(entry):
    return Fraction(entry["midpoint"]), Fraction(entry["radius"])


def as_fraction(number):
    sign, mantissa, exponent, _ = number._mpf_
    return (-1) ** sign * Fraction(int(mantissa)) * Fraction(2) ** exponent


@pytest.mark.slow
def test_constants_print_the_known_digits(capsys):
    assert run(["constants", "--digits", "24"]) == 0
    shown = dict(line.split(" = ") for line in capsys.readouterr().out.splitlines() if " = " in line)
    assert shown["s*"] == "8.98135563286487363302263"
    assert shown["kappa*"].startswith("0.01978001076914032749692")
    assert shown["kappa_0"] == "2.23788120969891289110846"
    assert shown["psi(0)"] == "0.175202104520091681393666"
    assert shown["T_c"].startswith("5.58355")
    assert shown["C(s0)"].startswith("12.91865149838794879355")


def test_certified_constants_enclose_those_of_twice_the_digits(capsys):
    coarse = document(capsys, "constants", "--digits", "20", "--certified", "--temperature", "10")["result"]
    fine = document(capsys, "constants", "--digits", "40", "--certified", "--temperature", "10")["result"]
    assert coarse.keys() == fine.keys()
    for name, entry in coarse.items():
        (rough, wide), (close, narrow) = ball(entry), ball(fine[name])
        assert abs(rough - close) <= wide + narrow
        assert wide <= abs(rough) / 10**19
    assert ball(fine["hot_separation(10)"])[0] == pytest.approx(3.667285495165031134716423)


def test_printed_balls_contain_the_balls_of_the_package(capsys):
    entry = document(capsys, "constants", "--digits", "30", "--certified")["result"]["transient_gain"]
    found = transient_gain(at.BimodalTarget(3, "0.8"), digits=30, certified=True)
    middle, radius = ball(entry)
    assert abs(middle - as_fraction(found.value)) + as_fraction(found.error) <= radius * (1 + Fraction(1, 10**4))


def test_constants_with_a_schedule_add_the_leading_order(capsys):
    found = document(capsys, "constants", "--digits", "20", *SLOW, "--dim", "128")["result"]
    doubles = document(capsys, "constants", *SLOW, "--dim", "128")["result"]
    for name in ("hot_clock", "log_threshold", "threshold", "probability", "log_probability", "log_complement"):
        assert float(found[name]) == pytest.approx(doubles[name], rel=1e-8)
    assert doubles["log_threshold"] == pytest.approx(-5.28802914, abs=1e-7)


def test_a_constant_that_does_not_exist_says_why(capsys):
    found = document(capsys, "constants", "--separation", "2", "--weight", "0.5", "--certified")["result"]
    assert "no temperature is critical" in found["critical_temperature"]
    assert "diverges" in found["transient_gain"]
    assert set(found["overlap"]) == {"midpoint", "radius", "own_radius"}


def test_critical_takes_digits(capsys):
    found = document(capsys, "critical", "--digits", "30")["result"]
    more = document(capsys, "critical", "--digits", "40", "--certified")["result"]
    for name, text in found.items():
        assert abs(Fraction(text) - ball(more[name])[0]) < Fraction(6, 10**29)


def test_threshold_and_probability_prove_their_leading_order(capsys):
    rest = ["--method", "leading-order", *SLOW, "--certified", "--digits", "25"]
    edge, chance = (document(capsys, name, *rest) for name in ("threshold", "probability"))
    assert edge["settings"]["method"] == chance["settings"]["method"] == "leading-order"
    rho, radius = ball(edge["result"]["rho"])
    assert 0 < radius < rho / 10**24
    with mp.workdps(40):
        c = mp.mpf(edge["result"]["rho"]["midpoint"])
        expected = mp.betainc(0.5, 63.5, 0, c * c / (1 + c * c), regularized=True)
        middle, wide = (mp.mpf(chance["result"]["value"][part]) for part in ("midpoint", "radius"))
        assert abs(middle - expected) <= wide + mp.mpf(10) ** -23 * expected


@pytest.mark.parametrize("line", [["threshold", "--certified"], ["probability", "--certified"]])
def test_digits_that_the_exact_method_lacks_are_refused_with_the_method_that_has_them(capsys, line):
    assert "--method leading-order" in refused(capsys, line)


@pytest.mark.slow
def test_the_exact_threshold_is_printed_with_its_digits(capsys):
    line = ["threshold", "--digits", "18", "--initial-temperature", "10", "--decay-time", "100", "--json"]
    assert run(line) == 0
    found = json.loads(capsys.readouterr().out)["result"]
    assert found["value"].startswith("0.05404871871425659")
    assert mp.nstr(mp.log(mp.mpf(found["value"])), 14) == mp.nstr(mp.mpf(found["log_value"]), 14)


@pytest.mark.slow
def test_the_exact_probability_is_printed_with_its_digits(capsys):
    assert run(["probability", "--dim", "1000", "--decay-time", "10", "--digits", "4", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["result"]
    assert found["method"] == "exact"
    assert abs(float(found["value"]) - 0.99302839) < 1e-4


LARGE = ["probability", "--method", "large-dim", "--dim", "16", "--schedule", "constant", "--digits"]


def test_the_large_dim_probability_is_printed_with_its_digits(capsys):
    assert run([*LARGE, "4"]) == 0
    assert capsys.readouterr().out.startswith("P(collapse) = 0.6802\nlog P = ")


@pytest.mark.slow
def test_an_interruption_comes_after_the_cost_and_says_how_to_go_on(capsys, tmp_path, monkeypatch):
    found = iter([None, SimpleNamespace(log_value=mp.mpf(-3)), None])

    def interrupted(*given):
        one = next(found)
        if one is None:
            raise KeyboardInterrupt
        return one

    monkeypatch.setattr("anneal_theory.probability.large_dim.digits.threshold_at_digits", interrupted)
    file = str(tmp_path / "kept.json")
    assert run([*LARGE, "12", "--checkpoint", file]) == 130
    told = capsys.readouterr().err
    assert "thresholds, about" in told
    assert "interrupted; nothing was computed yet" in told
    assert run([*LARGE, "12", "--checkpoint", file]) == 130
    assert f"interrupted; the same command goes on from {file}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("constants --digits 0", "digits must be"),
        ("constants --digits 2.5", "digits must be a whole number"),
        ("constants --digits 10000000", "hours"),
        ("threshold --method leading-order --initial-temperature 3", "T_c = 5.5835"),
        ("threshold --method leading-order --initial-temperature 10 --family-weight 0.3", "--family-weight must be"),
        ("probability --processes 2", "processes must be left out"),
        ("probability --method slow-annealing --yes", "--allow-slow must be left out"),
        ("probability --method slow-annealing --decay-time 3000 --digits 400", "4 minutes"),
        ("threshold --method slow-annealing --decay-time 3000 --digits 1000", "68 minutes"),
        (
            "probability --method large-dim --digits 5 --seed 1",
            "--seed must be left out except with --method",
        ),
        ("probability --s0 1", "s0 must be left out"),
        ("constants --initial-temperature 10 --s0 -5", "basin of the heavy mode"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(capsys, line, message):
    assert message in refused(capsys, line.split())


@pytest.mark.slow
def test_a_thousand_certified_digits_fill_the_table(capsys):
    found = document(capsys, "constants", "--digits", "1000", "--certified")["result"]
    for entry in found.values():
        middle, radius = ball(entry)
        assert 0 < radius <= abs(middle) / 10**999
