"""Pictures of the README, which `anneal-theory reproduce` draws again."""

import re
import shlex
import tempfile
from pathlib import Path

from anneal_theory.errors import DomainError
from anneal_theory.storage import atomic_write, require_writable

_PICTURE = re.compile(r"<!-- picture: \$ (?P<command>anneal-theory figure [^\n]+? --out (?P<file>\S+\.png)) -->")
# Root mean square of the difference, of 255 levels: letters are drawn a little differently by another FreeType, while a
# contour or a number that has moved changes thousands of points.
_TOLERANCE = 2.0


def stale_pictures(page: str, root: Path, check: bool) -> list[str]:
    """The pictures of a page that are not what their command draws; they are drawn again unless only checked.

    Pictures are in comments ``picture: $ anneal-theory figure NAME ... --out FILE.png``, files named from the root.
    """
    stale = []
    for picture in _PICTURE.finditer(page):
        file = root / picture["file"]
        if not check:
            require_writable(file, "the picture")
        with tempfile.TemporaryDirectory() as folder:
            drawn = _draw(picture["command"], Path(folder) / file.name)
            if file.exists() and _alike(file, drawn):
                continue
            stale.append(picture["file"])
            if not check:
                atomic_write(file, drawn.read_bytes())
    return stale


def _draw(command: str, file: Path) -> Path:
    from anneal_theory.cli.app import run

    arguments = shlex.split(command)[1:]
    arguments[arguments.index("--out") + 1] = str(file)
    code = run(arguments)
    if code:
        raise DomainError(f"the page's command `{command}` failed with exit code {code}")
    return file


def _alike(old: Path, drawn: Path) -> bool:
    """Whether two pictures look alike; pictures of other sizes do not."""
    from matplotlib.testing.compare import compare_images
    from matplotlib.testing.exceptions import ImageComparisonFailure

    try:
        copy = drawn.parent / f"old-{old.name}"  # the comparison writes beside what it is given
        copy.write_bytes(old.read_bytes())
        return compare_images(str(copy), str(drawn), _TOLERANCE) is None
    except ImageComparisonFailure:
        return False
