"""The source checkout that the package runs from, for commands that work on its files."""

from pathlib import Path

import anneal_theory
from anneal_theory.errors import DomainError


def checkout(command: str) -> Path:
    """Root folder of the source checkout; refused where the package was installed without its sources."""
    root = Path(anneal_theory.__file__).resolve().parent.parent
    if not (root / "derivations" / "__main__.py").is_file():
        raise DomainError(
            f"{command} works on the files of a source checkout, but this package was installed without them; "
            "clone the repository and install it with pip install -e ."
        )
    return root
