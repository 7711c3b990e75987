"""What tests of designs share."""

import pytest

from anneal_theory.design import designer
from tests.design.limits import no_exponentials


@pytest.fixture
def alone(monkeypatch):
    monkeypatch.setattr(designer.Designer, "exponentials", no_exponentials)
