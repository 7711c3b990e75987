"""Devices and precisions of torch, by name, and the settings of torch that training runs under."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import torch

from anneal_theory.errors import DomainError
from anneal_theory.quantities import QUANTITIES

_DTYPES = {"float64": torch.float64, "float32": torch.float32}


def checked_device(name: str) -> torch.device:
    """The device of that name, tried out.

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

    Example:
        >>> checked_dtype("float32")
        torch.float32
    """
    return _DTYPES[QUANTITIES["dtype"].check(name)]


@contextmanager
def own_settings() -> Iterator[None]:
    """The settings of torch that a training needs, whatever those around it: results are the same bytes everywhere.

    Gradients are on, inference mode and autocast off, new tensors are of single precision and on the CPU unless
    specified. All is as it was afterwards.

    Example:
        >>> with torch.no_grad(), own_settings():
        ...     torch.is_grad_enabled()
        True
    """
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float32)
    try:
        with ExitStack() as stack:
            stack.enter_context(torch.inference_mode(False))
            stack.enter_context(torch.enable_grad())
            for kind in ("cpu", "cuda"):
                if torch.is_autocast_enabled(kind):
                    stack.enter_context(torch.autocast(kind, enabled=False))
            if torch.get_default_device().type != "cpu":  # a context of torch's that costs time at every operation
                stack.enter_context(torch.device("cpu"))
            yield
    finally:
        torch.set_default_dtype(before)


@contextmanager
def new_tensors_of(dtype: torch.dtype) -> Iterator[None]:
    """New tensors are of this precision unless specified: those that another library's flow makes fit its parameters.

    Example:
        >>> with new_tensors_of(torch.float64):
        ...     torch.zeros(1).dtype
        torch.float64
    """
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread inside torch's operations: these are too small for more, which would only wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
