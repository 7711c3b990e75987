"""The compiler of the kernels: numba, with its results kept in files where that is possible."""

import fcntl
import gc
import logging
import time
import warnings
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import FunctionType
from typing import IO, TYPE_CHECKING, Any

import numba
from numba.core import event, sigutils
from numba.core.caching import FunctionCache, IndexDataCacheFile

__all__ = ["COMPILING", "INNER", "kernel", "specialised"]

INNER = {"no_cpython_wrapper": True}  # of a kernel that only kernels call, so that no door for Python is compiled
_ADVICE = "every process compiles anew, which takes seconds; set NUMBA_CACHE_DIR to a folder that can be written to"
COMPILING = "compiling the inner loop of runs, once for each model: some seconds, and later calls find it"
_PATIENCE = 120.0  # seconds to wait for another process's compilation: longer than any takes, unless it is stopped
_LOG = logging.getLogger(__name__)
_told: list[str] = []
_loops: set[str] = set()  # names of what takes seconds to compile


def _kernel(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """``numba.njit(cache=True, ...)`` that goes on without a cache where there is no place for its files."""

    def compiled(function: Callable[..., Any]) -> Any:
        dispatcher: Any = numba.njit(**({"no_cfunc_wrapper": True} | options))(function)
        if not isinstance(dispatcher, FunctionType):  # which it is where nothing is compiled
            _prepare(dispatcher, inner=INNER.items() <= options.items())
        try:
            dispatcher._cache = _ForgivingCache(function)
            if not isinstance(dispatcher, FunctionType):
                dispatcher.compile = _in_turn(dispatcher.compile, dispatcher._cache)
        except RuntimeError as error:
            if "no locator available" not in str(error):
                raise
            _warn("neither the package's folder nor the home folder can be written to")
        return dispatcher

    return compiled


def _prepare(dispatcher: Any, inner: bool) -> None:
    """Room for compilations; and an inner kernel, which has no door for Python, refuses it where it would crash."""
    dispatcher._compile_for_args = _roomy(dispatcher._compile_for_args)
    if not inner:
        return

    def refused(*arguments: Any, **keywords: Any) -> None:
        raise TypeError(f"{dispatcher.py_func.__qualname__} is for kernels alone; without INNER Python can call it too")

    def kept(compiled: Any) -> None:  # not where calls from Python look for it
        dispatcher.overloads[tuple(compiled.signature.args)] = compiled

    dispatcher._compile_for_args, dispatcher.add_overload = refused, kept


def _in_turn(compile_: Callable[[object], object], cache: "_ForgivingCache") -> Callable[[object], object]:
    """A dispatcher's method that compiles a signature, at the end of which other processes go on."""

    def compiled(signature: object) -> object:
        try:
            return compile_(signature)
        finally:
            cache.end_turn()

    return compiled


def _roomy(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, called from a frame that reserves four megabytes.

    Python keeps frames in pieces of 16 kB: it takes one from the system when a call does not fit and gives it back when
    the call returns. A loop of the compiler that happens to stand at the end of a piece does so hundreds of thousands
    of times, a second and more (measured). A large frame has a piece twice its size, where what it calls finds room.
    """

    def called(*arguments: Any, **keywords: Any) -> Any:
        return function(*arguments, **keywords)

    called.__code__ = called.__code__.replace(co_stacksize=2**19)
    return called


if TYPE_CHECKING:  # numba infers the types of what it compiles; the type checker knows none of them
    from numba import njit as kernel
else:
    kernel = _kernel


def specialised(text: Callable[..., Any], model: str, functions: dict[str, object], **options: Any) -> Any:
    """A kernel with the text of a function and a model's functions for its free names.

    numba inlines the functions that a kernel finds by name, and keeps its result in a file under that name; functions
    that are passed as arguments or by a closure are compiled anew in every process.
    """
    own = FunctionType(text.__code__, {**text.__globals__, **functions}, text.__name__, text.__defaults__)
    own.__qualname__ = f"{text.__name__}_{model}"
    own.__doc__ = text.__doc__
    if not INNER.items() <= options.items():
        _loops.add(own.__qualname__)
    return kernel(**options)(own)


def _stamp() -> str:
    """What changes with any file that kernels are compiled from: numba itself watches a kernel's own file alone."""
    root = Path(__file__).parent
    files = sorted([*root.rglob("*_kernels.py"), *root.glob("formulas/*.py")])
    return sha256(
        repr([(file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files]).encode()
    ).hexdigest()


_STAMP = _stamp()


class _ForgivingCache(FunctionCache):
    """A cache of files whose faults cost a compilation, not the computation, and that sees what a kernel calls.

    Of processes that need a kernel at the same time one compiles it, and the others wait for its file. None waits for
    itself: whoever waits for a kernel holds only those that call it.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self._turn: IO[bytes] | None = None
        stamp = self._impl.locator.get_source_stamp(), _STAMP
        base = self._impl.filename_base
        self._cache_file = IndexDataCacheFile(cache_path=self.cache_path, filename_base=base, source_stamp=stamp)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled function, or None, and then it is this process's turn to compile it."""
        found = self._loaded(sig, target_context)
        if found is None and self._turn is None:
            self._take_turn()
            found = self._loaded(sig, target_context)  # which another process may have compiled meanwhile
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled function, if the disk takes it."""
        self._try(lambda: super(_ForgivingCache, self).save_overload(sig, data))

    def end_turn(self) -> None:
        """Let other processes go on."""
        if self._turn is not None:
            self._turn.close()
            self._turn = None

    def _loaded(self, sig: Any, target_context: Any) -> Any:
        """The compiled function, or None: not there, damaged, or another signature's.

        The last is what two processes leave that compile two signatures at once: numba numbers both files alike.
        """
        try:
            overload = super().load_overload(sig, target_context)
            if overload is None or tuple(overload.signature.args) == tuple(sigutils.normalize_signature(sig)[0]):
                return overload
        except Exception:  # unpickling what is damaged can raise anything
            pass
        self._try(self.flush)
        return None

    def _take_turn(self) -> None:
        """Wait until no other process compiles this kernel; without a place for files all do."""
        until = time.monotonic() + _PATIENCE
        try:
            self._impl.locator.ensure_cache_path()
            self._turn = open(Path(self.cache_path) / f"{self._impl.filename_base}.lock", "wb")  # noqa: SIM115  # until `end_turn`
            while time.monotonic() < until:
                try:  # a lock of this process alone: one that is forked does not have it, and it ends with the process
                    fcntl.lockf(self._turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return
                except BlockingIOError:
                    time.sleep(0.02)
        except OSError:  # no folder, or files that cannot be locked
            pass

    def _try(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError as error:
            self.disable()
            _warn(f"{self.cache_path} cannot be written to ({error.strerror})")


class _Compilation(event.Listener):
    """Tells of a long compilation, and pauses Python's collector of cycles while numba compiles.

    numba makes millions of objects that live until its end, and the collector goes through them again and again: an
    eighth of the time of a first call, and nothing found.
    """

    _depth, _was_on = 0, False

    def on_start(self, event: Any) -> None:
        """A compilation begins, perhaps within another; numba lets one thread at a time."""
        if self._depth == 0:
            if event.data["dispatcher"].py_func.__qualname__ in _loops:
                _LOG.info(COMPILING)
            self._was_on = gc.isenabled()
            gc.disable()
        self._depth += 1

    def on_end(self, event: Any) -> None:
        """It is over, or has failed."""
        self._depth -= 1
        if self._depth == 0 and self._was_on:
            gc.enable()


event.register("numba:compile", _Compilation())


def _warn(reason: str) -> None:
    """Say it once in a process."""
    if not _told:
        _told.append(reason)
        warnings.warn(f"compiled kernels are not kept: {reason}; {_ADVICE}", RuntimeWarning, stacklevel=2)
