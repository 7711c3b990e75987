"""Checkpoints of flows: one file, its parameters and a digest of its content; a crafted or damaged one is refused."""

import io
import json
from pathlib import Path
from typing import Any

import torch

from anneal_theory.errors import DomainError
from anneal_theory.results import plain
from anneal_theory.sealed import read_sealed, refused, require_same, write_sealed

_KIND = "anneal-theory checkpoint"
_FORMAT = 1
CHECKPOINT_EVERY = 1000
_PARTS = {"settings", "structure", "tensors"}


def steps_between(checkpoint: str | Path | None, every: int | None) -> int:
    """Steps between two checkpoints of a run.

    Example:
        >>> steps_between("run", None), steps_between("run", 50)
        (1000, 50)
    """
    if every is not None and checkpoint is None:
        raise DomainError.of("checkpoint_every", "left out without a checkpoint", every, "name the file")
    return CHECKPOINT_EVERY if every is None else every


def save_checkpoint(path: str | Path, settings: dict[str, object], state: dict[str, object]) -> None:
    """Write tensors, numbers and strings in dicts and lists, whole or not at all, with settings as plain data."""
    buffer = io.BytesIO()
    tensors: list[torch.Tensor] = []
    structure = json.dumps(_pack(state, tensors))
    spelled = json.dumps(plain(settings), sort_keys=True)
    torch.save({"settings": spelled, "structure": structure, "tensors": tensors}, buffer)
    write_sealed(path, _KIND, _FORMAT, buffer.getvalue())


def read_checkpoint(path: str | Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Settings and state of whatever run a checkpoint is of; refused where it is damaged or no checkpoint."""
    content = read_sealed(path, _KIND, _FORMAT)
    try:
        stored = torch.load(io.BytesIO(content), weights_only=True)
        if not isinstance(stored, dict) or set(stored) != _PARTS:
            raise ValueError("other parts than settings, structure and tensors")
        settings, state = json.loads(stored["settings"]), _unpack(json.loads(stored["structure"]), stored["tensors"])
        if not (isinstance(settings, dict) and isinstance(state, dict)):
            raise ValueError("settings or state of another kind")
    except Exception as error:  # whatever torch, pickle, zip and JSON raise at content that is not theirs
        reason = " ".join(str(error).split()[:12])
        raise refused(path, f"whole ({type(error).__name__} in its content: {reason})") from error
    return settings, state


def load_checkpoint(
    path: str | Path, settings: dict[str, object], but: frozenset[str] = frozenset()
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Settings and state of a checkpoint of this very run. Settings named in `but` may differ."""
    kept, state = read_checkpoint(path)
    require_same(path, kept, plain(settings), but)
    return kept, state


def _pack(value: object, tensors: list[torch.Tensor]) -> Any:
    """A state as JSON that points into a list of tensors: equal states give equal bytes, which pickles need not."""
    if isinstance(value, torch.Tensor):
        tensors.append(value.detach().cpu().clone(memory_format=torch.contiguous_format))
        return {"tensor": len(tensors) - 1}
    if isinstance(value, dict):
        return {"items": [[key, _pack(value[key], tensors)] for key in sorted(value)]}
    if isinstance(value, list | tuple):
        return {"list": [_pack(entry, tensors) for entry in value]}
    return value


def _unpack(packed: object, tensors: list[torch.Tensor]) -> Any:
    if not isinstance(packed, dict):
        return packed
    if "tensor" in packed:
        tensor = tensors[range(len(tensors))[packed["tensor"]]]
        if not isinstance(tensor, torch.Tensor) or tensor.layout != torch.strided:
            raise ValueError("what should be a tensor is none")
        return tensor
    if "list" in packed:
        return [_unpack(entry, tensors) for entry in packed["list"]]
    return {key: _unpack(value, tensors) for key, value in packed["items"]}
