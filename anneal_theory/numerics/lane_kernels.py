"""Numbers of several runs at once for compiled kernels: what is written for one double works on `LANES` of them.

`Lanes` is a vector of doubles to LLVM, which makes it the processor's (AVX-512: one register, AVX2: two, NEON: four).
No lane sees another: a number is the same whatever its neighbours are and however wide the registers. Generated
formulas take Lanes as they are, and so does a kernel that has `where` in the place of a branch, and NumPy's functions
(of `math` there are none). What stands in memory is read and written by `lane_memory_kernels`.

Without the compiler (NUMBA_DISABLE_JIT) Lanes are NumPy's arrays.
"""

import operator
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils, config
from numba.core.base import BaseContext
from numba.core.datamodel import DataModelManager
from numba.core.typing import BaseContext as Typing
from numba.core.typing import Signature
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, lower_cast, models, overload, register_model

from anneal_theory._types import FloatArray, IntArray

__all__ = ["LANES", "any_of", "as_doubles", "integer", "intrinsic_or", "lanes", "places", "where", "whole"]

LANES = 8
Function: TypeAlias = Callable[..., object]
Build: TypeAlias = Callable[..., ir.Value]
"""From a builder of LLVM's and values to the value of an operation."""
Typed: TypeAlias = tuple[Signature, Build]
"""What numba takes for an intrinsic: its types, and what builds it."""
_FLAGS = ("contract",)  # a product and a sum are rounded once


class _LanesType(types.Type):
    vector = ir.VectorType(ir.DoubleType(), LANES)


class _MaskType(types.Type):
    vector = ir.VectorType(ir.IntType(1), LANES)


class _PlacesType(types.Type):
    vector = ir.VectorType(ir.IntType(64), LANES)


lanes, mask, places = _LanesType("Lanes"), _MaskType("Mask"), _PlacesType("Places")
DOUBLES, INTEGERS = _LanesType.vector, _PlacesType.vector


def _modelled(kind: type[types.Type]) -> None:
    """Tell numba how values of a vector type are held."""

    def held(model: models.DataModel, manager: DataModelManager, type_: types.Type) -> None:
        models.PrimitiveModel.__init__(model, manager, type_, kind.vector)

    register_model(kind)(type(kind.__name__ + "Model", (models.PrimitiveModel,), {"__init__": held}))


for _kind in (_LanesType, _MaskType, _PlacesType):
    _modelled(_kind)


def integer(value: int, width: int = 64) -> ir.Constant:
    """A constant of LLVM's."""
    return ir.Constant(ir.IntType(width), value)


def _spread(builder: ir.IRBuilder, value: ir.Value, vector: ir.VectorType) -> ir.Value:
    """A scalar in every lane."""
    nothing = ir.Constant(vector, ir.Undefined)
    order = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(builder.insert_element(nothing, value, integer(0, 32)), nothing, order)


@lower_cast(types.Float, _LanesType)
@lower_cast(types.Integer, _LanesType)
def _as_lanes(
    context: BaseContext, builder: ir.IRBuilder, source: types.Type, wanted: types.Type, value: ir.Value
) -> ir.Value:
    return _spread(builder, context.cast(builder, value, source, types.float64), DOUBLES)


@lower_cast(types.IntegerLiteral, _LanesType)
def _literal_as_lanes(
    context: BaseContext, builder: ir.IRBuilder, source: types.Type, wanted: types.Type, value: ir.Value
) -> ir.Value:
    return _spread(builder, context.get_constant(types.float64, float(source.literal_value)), DOUBLES)


@lower_cast(types.Integer, _PlacesType)
def _as_places(
    context: BaseContext, builder: ir.IRBuilder, source: types.Type, wanted: types.Type, value: ir.Value
) -> ir.Value:
    return _spread(builder, context.cast(builder, value, source, types.int64), INTEGERS)


@lower_cast(types.Boolean, _MaskType)
def _as_mask(
    context: BaseContext, builder: ir.IRBuilder, source: types.Type, wanted: types.Type, value: ir.Value
) -> ir.Value:
    return _spread(builder, value, _MaskType.vector)


def _typed(function: Function, kinds: tuple[types.Type, ...], result: types.Type | None, count: int) -> None:
    """Let a function take these vectors, beside which numbers stand for themselves in every lane."""

    def generic(template: AbstractTemplate, arguments: Sequence[types.Type], keywords: object) -> Signature | None:
        for kind in kinds if len(arguments) == count else ():
            if any(argument == kind for argument in arguments) and all(
                argument == kind or _is_number(argument) for argument in arguments
            ):
                return signature(result or kind, *[kind] * count)
        return None

    # what is for this processor is asked before numba's own general functions, each of which would be tried in vain
    first = {"generic": generic, "metadata": {"target": "cpu"}}
    infer_global(function)(type(f"Lanes_{function.__name__}", (AbstractTemplate,), first))


def _is_number(kind: types.Type) -> bool:
    return isinstance(kind, (types.Number, types.Boolean))


def _lowered(function: Function, kind: types.Type, count: int, build: Build) -> None:
    lower_builtin(function, *[type(kind)] * count)(lambda context, builder, sig, arguments: build(builder, *arguments))


def _called(name: str) -> Build:
    """What calls an intrinsic of LLVM's on vectors."""

    def build(builder: ir.IRBuilder, *values: ir.Value) -> ir.Value:
        kind = ir.FunctionType(DOUBLES, [DOUBLES] * len(values))
        return builder.call(cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.v{LANES}f64"), values)

    return build


def _arithmetic(name: str, *functions: Function) -> None:
    """+, -, * or / of Lanes; all but the last of places too."""
    whole_too = name != "div"
    for function in functions:
        _typed(function, (lanes, places) if whole_too else (lanes,), None, 2)
        _lowered(function, lanes, 2, lambda builder, x, y: getattr(builder, "f" + name)(x, y, flags=_FLAGS))
        if whole_too:
            _lowered(function, places, 2, lambda builder, x, y: getattr(builder, name)(x, y))


def _comparison(function: Function, sign: str) -> None:
    _typed(function, (lanes, places), mask, 2)
    compared = "fcmp_unordered" if sign == "!=" else "fcmp_ordered"
    _lowered(function, lanes, 2, lambda builder, x, y: getattr(builder, compared)(sign, x, y))
    _lowered(function, places, 2, lambda builder, x, y: builder.icmp_signed(sign, x, y))


def _extreme(function: Function, sign: str) -> None:
    """The second where it is beyond the first: a NaN in the first stays."""
    _typed(function, (lanes, places), None, 2)
    _lowered(function, lanes, 2, lambda builder, x, y: builder.select(builder.fcmp_ordered(sign, y, x), y, x))
    _lowered(function, places, 2, lambda builder, x, y: builder.select(builder.icmp_signed(sign, y, x), y, x))


_arithmetic("add", operator.add, operator.iadd)
_arithmetic("sub", operator.sub, operator.isub)
_arithmetic("mul", operator.mul, operator.imul)
_arithmetic("div", operator.truediv, operator.itruediv)
for _function, _sign in (("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">="), ("eq", "=="), ("ne", "!=")):
    _comparison(getattr(operator, _function), _sign)
_extreme(np.minimum, "<")
_extreme(np.maximum, ">")
for _function, _name in ((operator.and_, "and_"), (operator.or_, "or_")):
    _typed(_function, (mask,), None, 2)
    _lowered(_function, mask, 2, lambda builder, x, y, name=_name: getattr(builder, name)(x, y))
for _function, _count, _build in (
    (operator.neg, 1, lambda builder, x: builder.fneg(x)), (abs, 1, _called("fabs")), (np.sqrt, 1, _called("sqrt")),
    (np.floor, 1, _called("floor")), (np.copysign, 2, _called("copysign")),
):  # fmt: skip
    _typed(_function, (lanes,), None, _count)
    _lowered(_function, lanes, _count, _build)


@overload(operator.pow)
def _power(x, n):
    """The powers that formulas have, NaN of any other; n is a constant, so that LLVM keeps one branch."""
    if x != lanes:
        return None
    if isinstance(n, types.Integer):

        def power(x, n):
            square = x * x
            if n == 2:
                return square
            if n == 3:
                return square * x
            return square * square if n == 4 else x * np.nan

        return power

    def half_power(x, n):
        if n == 1.5:
            return x * np.sqrt(x)
        return 1.0 / (x * np.sqrt(x)) if n == -1.5 else x * np.nan

    return half_power


def intrinsic_or(plain: Function) -> Callable[[Function], Function]:
    """What numba compiles by the decorated function, and Python does by `plain` where nothing is compiled."""

    def chosen(typed: Function) -> Function:
        return plain if config.DISABLE_JIT else intrinsic(prefer_literal=True)(typed)

    return chosen


@intrinsic_or(np.where)
def where(context: Typing, condition: types.Type, yes: types.Type, no: types.Type) -> Typed:
    """`yes` where the condition holds, else `no`: in every lane, or of two numbers."""
    kinds = (yes, no)
    kind = next((choice_kind for choice_kind in (lanes, places) if choice_kind in kinds), None)
    if kind is None:
        choices = (places, lanes) if condition == mask else (types.int64, types.float64)
        kind = choices[not all(isinstance(choice_kind, types.Integer) for choice_kind in kinds)]
    chosen_by = mask if condition == mask else types.boolean

    def build(context: BaseContext, builder: ir.IRBuilder, sig: Signature, arguments: Sequence[ir.Value]) -> ir.Value:
        return builder.select(*arguments)

    return signature(kind, chosen_by, kind, kind), build


@intrinsic_or(np.any)
def any_of(context: Typing, condition: types.Type) -> Typed:
    """Whether it holds in any lane."""

    def build(context: BaseContext, builder: ir.IRBuilder, sig: Signature, arguments: Sequence[ir.Value]) -> ir.Value:
        if condition != mask:
            return arguments[0]
        return builder.icmp_unsigned("!=", builder.bitcast(arguments[0], ir.IntType(LANES)), integer(0, LANES))

    return signature(types.boolean, mask if condition == mask else types.boolean), build


def _whole_part(x: FloatArray | float) -> IntArray | int:
    return x.astype(np.int64) if isinstance(x, np.ndarray) else int(x)


@intrinsic_or(_whole_part)
def whole(context: Typing, x: types.Type) -> Typed:
    """The whole part, as an integer."""
    many = x == lanes

    def build(context: BaseContext, builder: ir.IRBuilder, sig: Signature, arguments: Sequence[ir.Value]) -> ir.Value:
        return builder.fptosi(arguments[0], INTEGERS if many else ir.IntType(64))

    return signature(places if many else types.int64, lanes if many else types.float64), build


@intrinsic_or(lambda i: i * 1.0)
def as_doubles(context: Typing, i: types.Type) -> Typed:
    """Integers as doubles."""
    many = i == places

    def build(context: BaseContext, builder: ir.IRBuilder, sig: Signature, arguments: Sequence[ir.Value]) -> ir.Value:
        return builder.sitofp(arguments[0], DOUBLES if many else ir.DoubleType())

    return signature(lanes if many else types.float64, places if many else types.int64), build
