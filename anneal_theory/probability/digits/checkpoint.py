"""Thresholds found on the way to a probability: kept in a file, so that an interrupted run can go on; and progress."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import flint

from anneal_theory.digits import MAX_DIGITS
from anneal_theory.errors import DomainError
from anneal_theory.sealed import read_sealed_json, refused, require_same, write_sealed
from anneal_theory.storage import require_writable

_KIND = "anneal-theory thresholds of a probability"
_FORMAT = 4
_FAR = 1.0  # of log rho_c, more than doubles are ever off
_LONGER = 40  # characters beside the digits: spare digits, sign, point and exponent
_DECIMAL = re.compile(r"-?\d+\.\d+(e[+-]?\d{1,4})?")


@runtime_checkable
class Node(Protocol):
    """A start whose threshold is needed."""

    @property
    def key(self) -> str:
        """Of the start, exact."""

    @property
    def digits(self) -> int:
        """Digits of its threshold that are needed; 0 where doubles do."""

    @property
    def rough(self) -> float:
        """The logarithm of the threshold in doubles."""


class Store:
    """log rho_c by place, in memory and, if there is one, in a file.

    Args:
        path: The file; None for none.
        settings: What the thresholds are of, as text by name.

    Raises:
        DomainError: the file is damaged, or of other settings.
    """

    def __init__(self, path: str | Path | None, settings: dict[str, str]) -> None:
        self._path = None if path is None else Path(path)
        self._settings = settings
        self._found: dict[str, list[Any]] = {}
        require_writable(path, "checkpoint")
        if self._path is not None and self._path.exists():
            self._found = self._read(self._path)

    def has(self, node: Node) -> bool:
        """Whether the threshold is known to the digits that are needed."""
        return bool(self._found.get(node.key, [-1])[0] >= node.digits)

    def keep_all(self, nodes: Iterable[Node], found: Iterable[str]) -> None:
        """Take thresholds in, and write the file anew: whole, or not at all."""
        self._found.update({node.key: [node.digits, one] for node, one in zip(nodes, found, strict=True)})
        if self._path is not None:
            content = {"settings": self._settings, "thresholds": self._found}
            write_sealed(self._path, _KIND, _FORMAT, json.dumps(content, indent=1).encode())

    def unknown(self, nodes: Iterable[Node]) -> bool:
        """Whether thresholds were read of starts that are not among the nodes.

        Raises:
            DomainError: one read is far from what doubles give at its node.
        """
        places = {node.key: node for node in nodes}
        for key, (_, log_rho) in self._found.items():
            if key in places and places[key].digits and abs(float(log_rho) - places[key].rough) > _FAR:
                raise self._refused(f"the threshold of {key} is far from the one in doubles, {places[key].rough:.6g}")
        return bool(self._found.keys() - places.keys())

    def refuse_unknown(self) -> None:
        """Refuse the file: it holds starts that the rule does not have.

        Raises:
            DomainError: always.
        """
        raise self._refused("it holds starts that this calculation does not have")

    def _refused(self, reason: str) -> DomainError:
        return refused(str(self._path), f"of this calculation ({reason})")

    def log_rho(self, node: Node) -> flint.arb:
        """As an exact Arb number at flint's working precision."""
        return flint.arb(self._found[node.key][1] if node.digits else node.rough).mid()

    def _read(self, path: Path) -> dict[str, list[Any]]:
        content = read_sealed_json(path, _KIND, _FORMAT)
        settings, thresholds = content.get("settings"), content.get("thresholds")
        if not isinstance(settings, dict) or not isinstance(thresholds, dict):
            raise self._refused('it has no "settings" or no "thresholds"')
        require_same(path, settings, self._settings)
        for key, entry in thresholds.items():
            if not _sound(entry):
                raise self._refused(f"its threshold of {key} is no pair of a count of digits and that many digits")
        return dict(thresholds)


def _sound(entry: object) -> bool:
    """Whether an entry is [digits, decimal of a few digits more]."""
    if not isinstance(entry, list) or len(entry) != 2:
        return False
    digits, log_rho = entry
    if isinstance(digits, bool) or not isinstance(digits, int) or not 1 <= digits <= MAX_DIGITS:
        return False
    return isinstance(log_rho, str) and len(log_rho) <= digits + _LONGER and bool(_DECIMAL.fullmatch(log_rho))
