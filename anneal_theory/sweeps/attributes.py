"""What a sweep's dataset says of itself: every parameter that decided its cells, seeds, versions and the call."""

import inspect
import platform
from importlib.metadata import version
from types import MappingProxyType

from anneal_theory._version import __version__
from anneal_theory.problem import GaussianInit
from anneal_theory.sweeps.problem import has_usual_variance
from anneal_theory.sweeps.setting import VARIANCE_RULE, Sweep
from anneal_theory.sweeps.values import normal

_LIBRARIES = "numpy", "scipy", "numba"
_DIGITS = "none, doubles"
# What functions take where an argument is None, which its signature does not tell.
LEFT_OUT = MappingProxyType(
    {
        "probability": {
            "s0": "0, of leading-order",
            "relative_error": "0.0001, of exact and large-dim",
            "replicas": "1000 simulated; 32768 of the quasi-Monte Carlo, on the sphere 1024",
            "seed": "0",
            "digits": _DIGITS,
            "variance_law": "exact; large-dim of formulas",
        },
        "noisy-probability": {
            "replicas": "1000",
            "seed": "0",
            "variance_law": "exact; large-dim of what leading-order adds",
        },
        "threshold": {
            "s0": "0, of free means",
            "distance": "the root of distance_squared, of free means",
            "distance_squared": "2 where no distance is given, of free means",
            "pair_overlap": "0, on the sphere",
            "mean_cosine": "0, on the sphere",
            "dim": "none, the law of the variance in large dimension",
            "digits": _DIGITS,
        },
        "mixture": {
            "batch_size": "1000; none on the exact route",
            "gradient": "plain; none on the exact route",
            "end_time": "200 after T is below 1.01",
        },
        "realnvp": {
            "final_step_size": "step_size",
            "gradient_limit": "none",
            "lost_share": "0.5 of a mode's weight, 0.375 of the spread",
        },
    }
)


def attributes(sweep: Sweep, command: str) -> dict[str, str]:
    """What a sweep is of, as text: every parameter that does not vary, which of them are defaults, seeds, versions."""
    own = sweep.plain
    fixed = {**own["target"]} | {_attribute(name): value for name, value in own["arguments"].items()}
    fixed |= {name: value for name, value in own["schedule"].items() if name != "kind"}
    fixed |= {name: value for name, value in (own["init"] or {}).items() if name != "kind"}
    defaults = _defaults(sweep)
    fixed = {name: _text(value) for name, value in (defaults | fixed).items() if name not in sweep.axes}
    fixed |= {"kind": sweep.kind, "schedule": own["schedule"]["kind"]}
    fixed |= {"init": own["init"]["kind"]} if own["init"] else {}
    seeds = "the first 48 bits of SHA-256 of the seed and the cell's values; variable seed" if sweep.draws else "none"
    seeds = "those of the axis seed" if "seed" in sweep.axes else seeds
    libraries = [*_LIBRARIES, *(["torch"] if sweep.kind == "realnvp" else [])]
    versions = [f"python {platform.python_version()}", *(f"{name} {version(name)}" for name in libraries)]
    return fixed | {
        "defaults": ", ".join(sorted(defaults)), "seeds": seeds,
        "versions": f"anneal_theory {__version__}, {', '.join(versions)}", "command": command,
    }  # fmt: skip


def _defaults(sweep: Sweep) -> dict[str, object]:
    """The arguments that were not given and that cells take, with the values that they have then."""
    signature, found = inspect.signature(sweep.of.function).parameters, dict[str, object]()
    unused = sweep.unused | (set() if sweep.draws else {"seed"})
    for name, quantity in sweep.of.arguments.items():
        if name in sweep.arguments or _attribute(name) in sweep.axes or name in unused:
            continue
        default = signature[name].default
        found[_attribute(name)] = LEFT_OUT[sweep.kind][name] if default is None else normal(quantity, default, name)
    if isinstance(sweep.init, GaussianInit) and has_usual_variance(sweep.init) and "variance" not in sweep.axes:
        found["variance"] = "1/dim"
    return found


def _attribute(argument: str) -> str:
    """The name of an attribute: a rule of the variance has the name of its axis, as the start has a variance too."""
    return VARIANCE_RULE if argument == "variance" else argument


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
