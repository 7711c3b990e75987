"""Refusals of options that do not go together."""

import os

from anneal_theory.cli.option_fields import option_name


def require_distinct(**files: str | None) -> None:
    """Refuse one file for two purposes: the later would overwrite the earlier."""
    taken: dict[str, str] = {}
    for name, path in files.items():
        if path is None or (os.path.exists(path) and not os.path.isfile(path)):
            continue  # a device takes any number of outputs
        first = taken.setdefault(os.path.realpath(path), name)
        if first != name:
            from anneal_theory.errors import DomainError

            raise DomainError.of(
                name, f"another file than that of {option_name(first)}", path, "each needs one of its own"
            )


def require_left_out(where: str, why: str, **given: object) -> None:
    """Refuse options that have no meaning beside another."""
    from anneal_theory.errors import DomainError

    for name, value in given.items():
        if value is not None and value is not False:
            raise DomainError.of(name, f"left out {where}", value, why)
