"""Pictures of the README: drawn again where they are missing or differ, left where they look alike."""

import numpy as np
import pytest
from PIL import Image

from anneal_theory.cli import pictures

PAGE = "text <!-- picture: $ anneal-theory figure density --out folder/a.png -->\n![...](folder/a.png)"


def paint(file, level=0, size=(40, 60)):
    Image.fromarray(np.full(size, level, dtype=np.uint8)).convert("RGB").save(file)


@pytest.fixture
def drawn(monkeypatch):
    """What the command draws: a black picture."""

    def draw(command, file):
        assert command.startswith("anneal-theory figure density")
        paint(file)
        return file

    monkeypatch.setattr(pictures, "_draw", draw)


@pytest.mark.parametrize("old", [None, 30, (50, 60)], ids=["missing", "another", "of another size"])
def test_a_picture_that_is_not_what_the_command_draws_is_named_and_mended(drawn, tmp_path, old):
    file = tmp_path / "folder" / "a.png"
    file.parent.mkdir()
    if old is not None:
        paint(file, **({"size": old} if isinstance(old, tuple) else {"level": old}))
    before = file.read_bytes() if old is not None else None
    assert pictures.stale_pictures(PAGE, tmp_path, check=True) == ["folder/a.png"]
    assert (file.read_bytes() if file.exists() else None) == before
    assert pictures.stale_pictures(PAGE, tmp_path, check=False) == ["folder/a.png"]
    assert pictures.stale_pictures(PAGE, tmp_path, check=True) == []
    assert [one.name for one in file.parent.iterdir()] == ["a.png"]


def test_a_picture_that_differs_as_letters_of_another_library_do_is_left(drawn, tmp_path):
    (tmp_path / "folder").mkdir()
    paint(tmp_path / "folder" / "a.png", level=1)
    assert pictures.stale_pictures(PAGE, tmp_path, check=True) == []
