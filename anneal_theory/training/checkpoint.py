"""Checkpoints: one file, its parameters and a digest of its content; another run's or a damaged one is refused."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import torch

from anneal_theory.errors import DomainError
from anneal_theory.results import plain
from anneal_theory.storage import atomic_write

_HEADER = b"anneal-theory checkpoint 1\n"
_ELSEWHERE = "give another path, or move the file away to start anew; nothing was overwritten"


def save_checkpoint(path: str | Path, settings: dict[str, Any], state: dict[str, Any]) -> None:
    """Write a checkpoint; a run killed while writing leaves the previous one as it was.

    Args:
        path: The file.
        settings: What the run is, as plain data: `load_checkpoint` compares it.
        state: Tensors, numbers and strings, in dicts and lists.
    """
    buffer = io.BytesIO()
    tensors: list[torch.Tensor] = []
    structure = json.dumps(_pack(state, tensors))
    torch.save({"settings": _spelled(settings), "structure": structure, "tensors": tensors}, buffer)
    content = buffer.getvalue()
    digest = hashlib.sha256(content).hexdigest().encode()
    atomic_write(path, _HEADER + digest + b"\n" + content)


def read_checkpoint(path: str | Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Settings and state of whatever run a checkpoint is of.

    Args:
        path: The file.

    Raises:
        DomainError: the file is no checkpoint, or is damaged.
    """
    content = Path(path).read_bytes()
    if not content.startswith(_HEADER):
        raise DomainError.of("checkpoint", "a checkpoint of anneal-theory", str(path), _ELSEWHERE)
    digest, _, payload = content[len(_HEADER) :].partition(b"\n")
    if hashlib.sha256(payload).hexdigest().encode() != digest:
        raise DomainError.of("checkpoint", "undamaged (its content does not match its digest)", str(path), _ELSEWHERE)
    stored = torch.load(io.BytesIO(payload), weights_only=True)
    return json.loads(stored["settings"]), _unpack(json.loads(stored["structure"]), stored["tensors"])


def load_checkpoint(path: str | Path, settings: dict[str, Any]) -> dict[str, Any]:
    """Read the state of a checkpoint of this very run.

    Args:
        path: The file.
        settings: What the run is; the checkpoint's must be the same.

    Raises:
        DomainError: the file is no checkpoint, is damaged, or is one of other parameters (the message names them).
    """
    found, state = read_checkpoint(path)
    there, here = _flat(found), _flat(json.loads(_spelled(settings)))
    names = sorted(name for name in there.keys() | here.keys() if there.get(name) != here.get(name))
    if names:
        listed = ", ".join(f"{name} ({there.get(name)!r} there, {here.get(name)!r} here)" for name in names[:4])
        more = f" and {len(names) - 4} more" if len(names) > 4 else ""
        raise DomainError.of("checkpoint", f"of the same parameters; {listed}{more} differ", str(path), _ELSEWHERE)
    return state


def _pack(value: Any, tensors: list[torch.Tensor]) -> Any:
    """A state as JSON that points into a list of tensors: equal states give equal bytes, which pickles need not."""
    if isinstance(value, torch.Tensor):
        tensors.append(value.detach().cpu().clone(memory_format=torch.contiguous_format))
        return {"tensor": len(tensors) - 1}
    if isinstance(value, dict):
        return {"items": [[key, _pack(value[key], tensors)] for key in sorted(value)]}
    if isinstance(value, list | tuple):
        return {"list": [_pack(one, tensors) for one in value]}
    return value


def _unpack(packed: Any, tensors: list[torch.Tensor]) -> Any:
    if not isinstance(packed, dict):
        return packed
    if "tensor" in packed:
        return tensors[packed["tensor"]]
    if "list" in packed:
        return [_unpack(one, tensors) for one in packed["list"]]
    return {key: _unpack(value, tensors) for key, value in packed["items"]}


def _spelled(settings: dict[str, Any]) -> str:
    return json.dumps(plain(settings), sort_keys=True)


def _flat(settings: dict[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        flat |= _flat(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}": value}
    return flat
