"""Constructors of dataclasses that check and keep their fields in one pass."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from typing import Any

from anneal_theory._floating import FLOATING, treatment

Constructor = Callable[..., None]


def in_one_pass(kind: type, guarded: Constructor, checks: Mapping[str, Callable[[Any], Any] | None]) -> Constructor:
    """The constructor of a dataclass that checks arguments given in order and writes them to the object's dictionary.

    The constructor that `dataclasses` writes for a frozen class calls ``object.__setattr__`` for each field, and would
    be called after the checks: both together take twice as long.

    Args:
        kind: The dataclass.
        guarded: Its constructor behind the checks. It is called where arguments are given by name, and where there are
            too few or too many; and given back where the class is not of the usual kind: where a field is no argument,
            or one by keyword alone, or where objects have no dictionary.
        checks: The check of each argument, None where it has none.

    Example:
        >>> from dataclasses import dataclass, field
        >>> @dataclass(frozen=True)
        ... class Run:
        ...     steps: int
        ...     seed: int = 0
        ...     names: list[str] = field(default_factory=list)
        >>> Run.__init__ = in_one_pass(Run, Run.__init__, {"steps": int})
        >>> Run("3"), Run(3, names=["a"])
        (Run(steps=3, seed=0, names=[]), Run(steps=3, seed=0, names=['a']))
    """
    every = fields(kind)
    usual = "__slots__" not in vars(kind) and all(field.init and not field.kw_only for field in every)
    if not usual or not kind.__dataclass_params__.init:  # type: ignore[attr-defined]
        return guarded
    kept = [(place, field.name, checks.get(field.name)) for place, field in enumerate(every, start=1)]
    rules = {  # by how many are given
        given: (kept[:given], *_defaults(every[given:]))
        for given in range(len(every) + 1)
        if all(map(_may_be_left_out, every[given:]))
    }
    computes, floating, own = hasattr(kind, "__post_init__"), FLOATING, treatment()

    # As `guard` of the doors: no name of this module is seen within.
    def constructor(*args, **kwargs):  # type: ignore[no-untyped-def]
        rule = None if kwargs else rules.get(len(args) - 1)  # the object is no field
        if rule is None:
            return guarded(*args, **kwargs)
        token = floating.set(own) if computes and floating.get() is not own else None
        try:
            written, (taken, values, makers) = args[0].__dict__, rule
            for place, name, check in taken:
                written[name] = check(args[place]) if check else args[place]
            written.update(values)
            for name, maker in makers:
                written[name] = maker()
            if computes:
                args[0].__post_init__()
        finally:
            if token is not None:
                floating.reset(token)

    return constructor


def _defaults(rest: Sequence[Field[Any]]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """The values of fields that are not given, in order, and what makes those of some."""
    makers = [(field.name, field.default_factory) for field in rest if field.default_factory is not MISSING]
    return {field.name: field.default for field in rest}, makers


def _may_be_left_out(field: Field[object]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING
