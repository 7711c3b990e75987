"""The Zarr store that keeps the cells of a sweep: one chunk a cell and number, written as soon as the cell is there.

One process writes at a time: it holds the lock of the file beside the store, which the system lets go of however that
process ends. A cell counts from the moment at which its ``seconds`` are written, the last of its numbers; whatever a
kill or a full disk cuts short before is computed again. Chunks are put in place whole and have a checksum.
"""

import json
import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from anneal_theory._version import __version__
from anneal_theory.errors import DomainError, Words
from anneal_theory.extras import require
from anneal_theory.quantities.nearest import nearest
from anneal_theory.sealed import refused, require_same
from anneal_theory.storage import draft_name
from anneal_theory.sweeps.cells import CellResult, SweepTables, cell_variables, coordinates, is_text
from anneal_theory.sweeps.locks import Lock, LockHolder
from anneal_theory.sweeps.running import Place
from anneal_theory.sweeps.setting import Sweep, sweep_from

_FORMAT = "anneal-theory sweep 1"
_MARK, _SETTING = "store", "setting"  # attributes: the format, and all that the sweep is of as JSON


class CellStore(LockHolder):
    """The cells of a sweep on the disk; those that it holds already are put into the tables.

    The store is a folder, made where there is none, and says `attrs` of itself; a path of None keeps nothing.
    """

    def __init__(self, path: str | Path | None, sweep: Sweep, tables: SweepTables, attrs: dict[str, str]) -> None:
        self.path = None if path is None else Path(path)
        self._arrays: dict[str, Any] = {}
        if self.path is None:
            return
        require("zarr")
        protected: DomainError | None = None
        try:
            self._lock = Lock(self.path)
        except DomainError as error:
            if isinstance(error.__cause__, BlockingIOError) or not self.path.exists():
                raise
            protected = error  # a whole store is read all the same
        try:
            if not self.path.exists():
                _create(self.path, sweep, attrs)
            _require_of(self.path, sweep)
            self._open(self.path, sweep, tables)
            if tables.missing:
                self._require_room(self.path, protected)
        except BaseException:
            self.close()
            raise

    def keep(self, place: Place, result: CellResult) -> None:
        """Write a cell; its seconds come last, and make it count. On a full disk the cells before are kept."""
        try:
            for name, value in cell_variables(result).items():
                array = self._arrays.get(name)
                if array is not None and not (value == "" or value != value):  # as it is before anything is written
                    array[place] = value
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self.path)) from error

    def _require_room(self, path: Path, protected: DomainError | None) -> None:
        """Refuse a store that takes no cells, before any is computed."""
        if protected is not None:
            raise protected
        closed = [place for place in (path, *(path / name for name in self._arrays)) if not os.access(place, os.W_OK)]
        if closed:
            step = "let it be written to, or choose another folder (xarray.open_zarr reads what there is)"
            raise DomainError.of("store", f"a folder that takes new files ({closed[0]} takes none)", str(path), step)

    def _open(self, path: Path, sweep: Sweep, tables: SweepTables) -> None:
        group = _group(path)
        try:
            self._arrays = {name: group[name] for name in sweep.variables}
            if any(array.shape != sweep.shape for array in self._arrays.values()):
                raise ValueError("arrays of another shape")
            done = np.isfinite(self._arrays["seconds"][...])
            if done.any():
                for name, array in self._arrays.items():
                    values = array[...]
                    tables.arrays[name][done] = values.astype(object)[done] if is_text(name) else values[done]
            empty = np.isnan(tables.arrays[next(iter(sweep.of.numbers))]) & (tables.arrays["refusal"] == "")
            if (empty & done).any():
                raise ValueError("a cell without a number and without a reason")
        except (KeyError, ValueError, TypeError, OSError, RuntimeError) as error:
            raise refused(path, f"undamaged ({type(error).__name__}: {error})", "store") from error
        tables.done[done] = True


def _group(path: Path) -> Any:
    import zarr  # costs half a second, so only where it is used

    try:
        return zarr.open_group(str(path), mode="r+")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise refused(path, "the folder that a sweep is kept in, as this version writes them", "store") from error


def _create(path: Path, sweep: Sweep, attrs: dict[str, str]) -> None:
    """Make a store without cells, and put it in its place when it is whole."""
    import zarr
    from zarr.codecs import Crc32cCodec

    draft = draft_name(str(path))
    own = {_MARK: _FORMAT, _SETTING: json.dumps(sweep.plain, allow_nan=False)}
    dims = tuple(sweep.axes)
    try:
        group = zarr.create_group(draft, zarr_format=3, attributes=attrs | own)
        for name, meaning in sweep.variables.items():
            kind, empty = (str, "") if is_text(name) else ("i8", -1) if name == "seed" else ("f8", np.nan)
            group.create_array(
                name, shape=sweep.shape, chunks=(1,) * len(dims), dtype=kind, fill_value=empty,
                compressors=(Crc32cCodec(),), dimension_names=dims, attributes={"long_name": meaning},
            )  # fmt: skip
        for name, (values, about) in coordinates(sweep).items():
            line = group.create_array(
                name, shape=values.shape, dtype=str if values.dtype == object else values.dtype.str,
                dimension_names=(name,), attributes=dict(about),
            )  # fmt: skip
            line[...] = values
        with warnings.catch_warnings():  # xarray and zarr read it; that it is younger than the format is known
            warnings.simplefilter("ignore")
            zarr.consolidate_metadata(draft)
        os.rename(draft, path)
    except OSError as error:
        what = f"in a folder that exists and takes new files ({error.strerror})"
        raise DomainError.of("store", what, str(path), "choose another folder, or make room on the disk") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _about(path: Path) -> dict[str, Any]:
    """The attributes of a store of a sweep."""
    if not path.exists():
        near = nearest(path.name, (one.name for one in path.parent.glob("*.zarr")))
        step = (
            f"did you mean {str(path.with_name(near))!r}?"
            if near
            else "correct the path; a sweep makes its store where it is told to"
        )
        raise DomainError.of(
            "store", "the folder that a sweep is kept in", Words(f"{str(path)!r}, where nothing is"), step
        )
    if not path.is_dir():
        raise refused(path, "the folder that a sweep is kept in", "store")
    attrs = dict(_group(path).attrs)
    if attrs.get(_MARK) != _FORMAT or not isinstance(attrs.get(_SETTING), str):
        raise refused(path, f"the folder that a sweep is kept in, whose attributes say {_FORMAT!r}", "store")
    return attrs


def _require_of(path: Path, sweep: Sweep) -> None:
    """Refuse a store of another sweep, or of another version of the package."""
    attrs = _about(path)
    try:
        setting = dict(json.loads(attrs[_SETTING]))
    except (ValueError, TypeError, RecursionError) as error:
        raise refused(path, f"whole ({type(error).__name__} in its setting)", "store") from error
    written = str(attrs.get("versions", "")).partition(",")[0]
    there, here = {"version": written} | setting, {"version": f"anneal_theory {__version__}"} | sweep.plain
    require_same(path, there, here, argument="store")


def stored_sweep(path: str | Path, into: str | Path | None = None) -> tuple[Sweep, str]:
    """The sweep of a store, and the call that made it; `into`, another store, is to get its cells anew."""
    require("zarr")
    attrs = _about(Path(path))
    if into is not None and Path(into).resolve() == Path(path).resolve():
        step = "leave it out to compute the cells that are missing"
        raise DomainError.of("into", "another folder than that of the sweep", str(into), step)
    try:
        sweep = sweep_from(json.loads(attrs[_SETTING]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:  # a DomainError is a ValueError
        raise refused(path, f"of a sweep that this version knows ({error})", "store") from error
    return sweep, str(attrs.get("command", ""))


@contextmanager
def kept_into(into: str | Path | None) -> Iterator[None]:
    """Say of `into`, where that is the store that is written, what is wrong with a store."""
    try:
        yield
    except DomainError as error:
        if into is None or error.argument != "store":
            raise
        raise DomainError.of("into", error.requirement, Words(error.value), error.next_step) from error
