"""Devices and precisions of torch, by name."""

import torch

from anneal_theory.errors import DomainError

_DTYPES = {"float64": torch.float64, "float32": torch.float32}


def checked_device(name: str) -> torch.device:
    """The device of that name, tried out.

    Raises:
        DomainError: there is no such device here.

    Example:
        >>> checked_device("cpu").type
        'cpu'
    """
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise DomainError.of("device", "a device that torch finds here", name, "'cpu' is always there") from error
    if device.type == "meta":
        raise DomainError.of("device", "a device that computes", name, "'cpu' is always there")
    return device


def checked_dtype(name: str) -> torch.dtype:
    """The precision of that name.

    Raises:
        DomainError: it is neither "float64" nor "float32".

    Example:
        >>> checked_dtype("float32")
        torch.float32
    """
    if name not in _DTYPES:
        raise DomainError.of("dtype", " or ".join(map(repr, _DTYPES)), name, "float32 is the quicker")
    return _DTYPES[name]
