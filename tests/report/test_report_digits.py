"""The report's table of proven constants."""

import mpmath as mp

from anneal_theory.problem import BimodalTarget
from anneal_theory.report.constants import PROVEN_DIGITS, proven_constants
from anneal_theory.report.render import _CONSTANTS, digit_rows
from anneal_theory.results import Ball

# mpmath.quad of the definitions, theory section 10
KNOWN = {
    "overlap": "8.981355632864873633022634",
    "escape_rate": "0.01978001076914032749692005",
    "central_rate": "2.237881209698912891108458",
    "central_label": "0.175202104520091681393665687871760480307252682",
}


def test_every_constant_of_the_default_target_has_fifty_proven_digits():
    found = proven_constants(BimodalTarget(3, "0.8"))
    assert set(found) == set(_CONSTANTS)
    for ball in found.values():
        assert isinstance(ball, Ball)
        assert 0 < ball.error <= mp.mpf(10) ** -PROVEN_DIGITS * abs(ball.value)


def test_the_rows_show_the_known_digits_with_their_radius():
    rows = {row["letter"]: row for row in digit_rows(proven_constants(BimodalTarget(3, "0.8")))}
    for name, digits in KNOWN.items():
        row = rows[_CONSTANTS[name]]
        with mp.workdps(60):
            assert abs(mp.mpf(row["midpoint"]) - mp.mpf(digits)) < mp.mpf(10) ** -(len(digits) - 3)
            assert 0 < float(row["radius"]) < 1e-48


def test_a_constant_that_does_not_exist_has_no_row():
    found = proven_constants(BimodalTarget(2, "0.5"))
    letters = [row["letter"] for row in digit_rows(found)]
    assert "T_c" not in letters
    assert "s*" in letters
    assert "no temperature is critical" in found["critical_temperature"]
