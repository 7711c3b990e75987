"""Every refusal that a test of the command line sees advises only options that its command has."""

import pytest
from cyclopts import CycloptsError

from anneal_theory.cli import app
from tests.advice import impossible_options


@pytest.fixture(autouse=True)
def advice_is_possible(monkeypatch):
    spelled = app._sentence

    def checked(error, arguments):
        sentence = spelled(error, arguments)
        if not isinstance(error, CycloptsError) and arguments and arguments[0] in app.COMMANDS:
            assert impossible_options(sentence, arguments[0]) == set(), sentence
        return sentence

    monkeypatch.setattr(app, "_sentence", checked)
