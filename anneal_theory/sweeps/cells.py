"""One cell of a sweep, computed where there is room for it, and the table of all of them."""

import math
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from anneal_theory._types import BoolArray
from anneal_theory._version import __version__
from anneal_theory.errors import DomainError, PrecisionError, SolveError
from anneal_theory.exact import exact
from anneal_theory.extras import require
from anneal_theory.quantities import QUANTITIES
from anneal_theory.quantities.domains import Text, Word
from anneal_theory.sweeps.kinds import DIGITS, TEXTS
from anneal_theory.sweeps.running import Place, missing_of
from anneal_theory.sweeps.setting import Sweep
from anneal_theory.work import peak_memory

if TYPE_CHECKING:
    import xarray

_TORCH = threading.Lock()  # its settings are those of the whole process
_BLOCK = 4096  # bytes that a file takes at least
_QUICK = 10.0  # seconds of a first cell that may have gone into compiling


class CellResult(NamedTuple):
    """What a cell has come to."""

    numbers: dict[str, float]  # by name; NaN where it was refused
    note: str  # what the reader should know of the regime
    refusal: str  # why there is no number; empty where there is one
    seed: int  # of its draws; -1 where nothing is drawn
    seconds: float  # that it took
    version: str  # of the package that computed it
    digits: dict[str, str]  # numbers whose digits were asked for, as texts by name


class Terms(NamedTuple):
    """What is the same for all cells and changes no number: a training's threads (None: all cores), and allow_slow."""

    threads: int | None
    allow_slow: bool = False


class CellCost(NamedTuple):
    """What a cell took: seconds by the clock on the wall, and the largest memory of its process in bytes, if known."""

    seconds: float
    memory: int | None


def computed_cell(terms: Terms, sweep: Sweep) -> CellResult:
    """A cell, one value along each axis; where the method does not hold, or training fails, the reason."""
    begun, seed = time.perf_counter(), -1
    numbers, digits, note, refusal = dict.fromkeys(sweep.of.numbers, math.nan), {}, "", ""
    try:
        objects, words = sweep.call_at((0,) * len(sweep.axes))
        seed = words.get("seed", -1)
        if sweep.kind == "mixture":
            words["threads"] = terms.threads
        if sweep.has_digits:
            words["allow_slow"] = terms.allow_slow
        if sweep.kind == "realnvp":
            with _TORCH:
                result = sweep.of.function(*objects, **words)
        else:
            result = sweep.of.function(*objects, **words)
        numbers, digits, note = sweep.of.numbers_of(result), sweep.of.digits_of(result), getattr(result, "note", "")
    except (DomainError, SolveError, PrecisionError) as error:
        if isinstance(error, DomainError) and (sweep.is_common(error.argument) or "allow_slow" in error.next_step):
            raise  # a cell that would take long is none without a number: the cost may be accepted
        refusal = f"{type(error).__name__}: {error}"
    return CellResult(numbers, note, refusal, seed, time.perf_counter() - begun, __version__, digits)


def measure(others: list[Sweep], terms: Terms, sweep: Sweep) -> CellCost:
    """What a cell takes: this one, or where it may have compiled, one of the others."""
    result = computed_cell(terms, sweep)
    if result.seconds < _QUICK and others:
        result = computed_cell(terms, others[0])
    return CellCost(result.seconds, peak_memory())


def bytes_a_cell(sweep: Sweep) -> tuple[int, int]:
    """What a cell takes in memory and in the store, where every number has a file of its own."""
    return 8 * len(sweep.variables), _BLOCK * (len(sweep.variables) - 1)  # of both texts most cells have one at most


class SweepTables:
    """The numbers and texts of all cells, as arrays; what is not computed is NaN (-1 for a seed) and empty."""

    def __init__(self, sweep: Sweep) -> None:
        self.arrays = {name: np.full(sweep.shape, *_kind(name)) for name in sweep.variables}
        self.done: BoolArray = np.zeros(sweep.shape, dtype=bool)

    def put(self, place: Place, result: CellResult) -> None:
        """Take a cell in."""
        for name, value in cell_variables(result).items():
            if name in self.arrays:
                self.arrays[name][place] = value
        self.done[place] = True

    @property
    def missing(self) -> int:
        """How many cells are not computed."""
        return missing_of(self.done)


def cell_variables(result: CellResult) -> dict[str, Any]:
    """A cell by the names of variables; ``seconds`` is the last."""
    texts = {"note": sys.intern(result.note), "refusal": sys.intern(result.refusal)}  # many cells say the same
    return {**result.numbers, **result.digits, "seed": result.seed, **texts, "seconds": result.seconds}


def _kind(name: str) -> tuple[Any, Any]:
    """What an array is filled with, and the type of its elements."""
    if is_text(name):
        return "", object
    return (-1, np.int64) if name == "seed" else (math.nan, np.float64)


def coordinates(sweep: Sweep) -> dict[str, tuple[np.ndarray, dict[str, str]]]:
    """The values along each axis as doubles, integers or words (lists as "64, 64"), and what they are."""
    axes = {}
    for name, values in sweep.axes.items():
        quantity = sweep.parameters[name]
        whole = all(isinstance(value, int) and abs(value) < 2**63 for value in values)
        worded = isinstance(quantity.domain, Word | Text) or quantity.is_list
        numbers: list[Any] = [", ".join(map(str, value)) if isinstance(value, list) else value for value in values]
        numbers = numbers if whole or worded else [_double(value) for value in values]
        unit = {"units": "gradient-flow time"} if name in QUANTITIES and QUANTITIES[name].time else {}
        array = np.array(numbers, dtype=object if worded else None)
        axes[name] = array, {"long_name": quantity.meaning} | unit
    return axes


def is_text(name: str) -> bool:
    """Whether a variable's values are texts."""
    return name in TEXTS or name in DIGITS


def _double(text: object) -> float:
    return math.inf if text == "inf" else float(exact(text))


def sweep_dataset(sweep: Sweep, tables: SweepTables, attrs: dict[str, str]) -> "xarray.Dataset":
    """The dataset of a computed sweep."""
    require("xarray")
    import xarray  # costs 0.7 s, so only where it is used

    dims = tuple(sweep.axes)
    variables = {name: (dims, tables.arrays[name], {"long_name": meaning}) for name, meaning in sweep.variables.items()}
    coords = {name: (name, values, about) for name, (values, about) in coordinates(sweep).items()}
    dataset = xarray.Dataset(variables, coords=coords, attrs=attrs)
    if "seed" in dataset.data_vars:  # 48 bits, which NetCDF 3 has no whole numbers for, and doubles hold
        dataset["seed"].encoding["dtype"] = "float64"
    return dataset
