"""`anneal-theory derive`: run the derivations of a source checkout."""

import subprocess
import sys
from typing import Annotated

from anneal_theory.cli.checkout import checkout
from anneal_theory.cli.option_fields import flag
from anneal_theory.extras import require


def derive(*, check: Annotated[bool, flag("compare with the files that are there, and write nothing")] = False) -> int:
    """Derive every formula again and write the generated code and pages (source checkouts only).

    Exit code 0, or 1 if a derivation fails or, with --check, a file differs.
    """
    root = checkout("derive")
    require("sympy")
    command = [sys.executable, "-m", "derivations", *(["--check"] if check else [])]
    # A session of its own: Ctrl-C ends it through this process, without a traceback of its own.
    return int(subprocess.run(command, cwd=root, check=False, start_new_session=True).returncode != 0)
