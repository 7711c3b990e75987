"""Lanes in memory: rows of an array of doubles, each `LANES` long, and rows of tables at places."""

from collections.abc import Sequence

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.base import BaseContext
from numba.core.typing import BaseContext as Typing
from numba.core.typing import Signature
from numba.core.typing.templates import signature

from anneal_theory._types import FloatArray
from anneal_theory.numerics.lane_kernels import DOUBLES, LANES, Typed, integer, intrinsic_or, lanes, places

__all__ = ["entries_at", "lanes_of", "put", "taken"]


def _data(context: BaseContext, builder: ir.IRBuilder, kind: types.Type, array: ir.Value) -> ir.Value:
    return cgutils.create_struct_proxy(kind)(context, builder, value=array).data


def _row(builder: ir.IRBuilder, data: ir.Value, row: ir.Value, beyond: int = 0) -> ir.Value:
    """Where a row begins."""
    first = builder.mul(builder.add(row, integer(beyond)), integer(LANES))
    return builder.bitcast(builder.gep(data, [first]), DOUBLES.as_pointer())


def _lanes_of(array: FloatArray, row: int) -> FloatArray:
    return array[row * LANES : (row + 1) * LANES].copy()


@intrinsic_or(_lanes_of)
def lanes_of(context: Typing, array: types.Type, row: types.Type) -> Typed:
    """A row of an array, shape (rows*LANES,)."""

    def build(context: BaseContext, builder: ir.IRBuilder, sig: Signature, arguments: Sequence[ir.Value]) -> ir.Value:
        data = _data(context, builder, sig.args[0], arguments[0])
        return builder.load(_row(builder, data, arguments[1]), align=8)

    return signature(lanes, array, types.int64), build


@intrinsic_or(lambda array, row, count: tuple(_lanes_of(array, row + k) for k in range(count)))
def taken(context: Typing, array: types.Type, row: types.Type, count: types.Type) -> Typed:
    """`count` rows from `row` on (a constant), as a tuple."""

    def build(context: BaseContext, builder: ir.IRBuilder, sig: Signature, arguments: Sequence[ir.Value]) -> ir.Value:
        data = _data(context, builder, sig.args[0], arguments[0])
        rows = [builder.load(_row(builder, data, arguments[1], k), align=8) for k in range(count.literal_value)]
        return context.make_tuple(builder, sig.return_type, rows)

    return signature(types.UniTuple(lanes, count.literal_value), array, types.int64, count), build


def _put(array: FloatArray, row: int, values: object) -> int:
    """Write, and tell the next row."""
    if isinstance(values, tuple):
        for value in values:
            row = _put(array, row, value)
        return row
    array[row * LANES : (row + 1) * LANES] = values
    return row + 1


def _leaves(context: BaseContext, builder: ir.IRBuilder, kind: types.Type, value: ir.Value) -> list[ir.Value]:
    """What nested tuples hold, as Lanes."""
    if not isinstance(kind, types.BaseTuple):
        return [context.cast(builder, value, kind, lanes)]
    parts = cgutils.unpack_tuple(builder, value, len(kind))
    return [
        leaf for part_kind, part in zip(kind, parts, strict=True) for leaf in _leaves(context, builder, part_kind, part)
    ]


@intrinsic_or(_put)
def put(context: Typing, array: types.Type, row: types.Type, values: types.Type) -> Typed:
    """Write Lanes, or tuples of Lanes and numbers, or tuples of such tuples, into rows from `row` on."""

    def build(context: BaseContext, builder: ir.IRBuilder, sig: Signature, arguments: Sequence[ir.Value]) -> ir.Value:
        data = _data(context, builder, sig.args[0], arguments[0])
        for k, value in enumerate(_leaves(context, builder, sig.args[2], arguments[2])):
            builder.store(value, _row(builder, data, arguments[1], k), align=8)
        return context.get_dummy_value()

    return signature(types.void, array, types.int64, values), build


def _transposed(builder: ir.IRBuilder, rows: list[ir.Value]) -> list[ir.Value]:
    """Column k of all rows, for each k, `LANES` of both, by butterflies."""
    width = LANES // 2
    while width:
        mixed = list(rows)
        low = [k if not k & width else LANES + (k ^ width) for k in range(LANES)]
        high = [k | width if not k & width else LANES + k for k in range(LANES)]
        for i in (i for i in range(LANES) if not i & width):
            for place, order in ((i, low), (i | width, high)):
                constant = ir.Constant(ir.VectorType(ir.IntType(32), LANES), order)
                mixed[place] = builder.shuffle_vector(rows[i], rows[i | width], constant)
        rows, width = mixed, width // 2
    return rows


@intrinsic_or(lambda table, i, first, count: tuple(table[i, first + k] for k in range(count)))
def entries_at(context: Typing, table: types.Type, i: types.Type, first: types.Type, count: types.Type) -> Typed:
    """Entries first, ..., first + count - 1 (a constant) of row i of a table: numbers, or Lanes from rows at places.

    Of Lanes a row is read in whole registers and the rows are transposed, in the place of a gather an entry: a table
    has to go on after `first` by a multiple of `LANES` that is at least `count`.
    """
    number, many = count.literal_value, i == places

    def build(context: BaseContext, builder: ir.IRBuilder, sig: Signature, arguments: Sequence[ir.Value]) -> ir.Value:
        array = cgutils.create_struct_proxy(sig.args[0])(context, builder, value=arguments[0])
        length = cgutils.unpack_tuple(builder, array.shape, 2)[1]

        def start(row: ir.Value, beyond: int) -> ir.Value:
            return builder.gep(
                array.data, [builder.add(builder.mul(row, length), builder.add(arguments[2], integer(beyond)))]
            )

        if not many:
            entries = [builder.load(start(arguments[1], k)) for k in range(number)]
            return context.make_tuple(builder, sig.return_type, entries)
        rows = [builder.extract_element(arguments[1], integer(lane, 32)) for lane in range(LANES)]
        columns: list[ir.Value] = []
        for beyond in range(0, number, LANES):
            pointers = [builder.bitcast(start(row, beyond), DOUBLES.as_pointer()) for row in rows]
            columns += _transposed(builder, [builder.load(pointer, align=8) for pointer in pointers])
        return context.make_tuple(builder, sig.return_type, columns[:number])

    kind, result = (places, lanes) if many else (types.int64, types.float64)
    return signature(types.UniTuple(result, number), table, kind, types.int64, count), build
