"""`anneal-theory derive`: run the derivations of a source checkout."""

import subprocess
import sys
from typing import Annotated

from cyclopts import Parameter

from anneal_theory.cli.checkout import checkout


def derive(
    *,
    check: Annotated[
        bool, Parameter(negative="", help="compare with the files that are there, and write nothing")
    ] = False,
) -> int:
    """Derive every formula again and write the generated code and pages (source checkouts only).

    Exit code 0, or 1 if a derivation fails or, with --check, a file differs.
    """
    root = checkout("derive")
    command = [sys.executable, "-m", "derivations", *(["--check"] if check else [])]
    return int(subprocess.run(command, cwd=root, check=False).returncode != 0)
