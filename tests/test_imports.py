"""What importing costs: heavy libraries are loaded only where they are used."""

import importlib
import subprocess
import sys

import pytest

HEAVY = ("sympy", "torch", "matplotlib", "xarray", "zarr", "numba", "scipy", "pandas")


def loaded_after(statements: str) -> set[str]:
    """Top-level modules that a fresh interpreter holds after running the statements."""
    code = f"{statements}\nimport sys\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.splitlines()[-1].split())


def test_importing_the_package_loads_none_of_the_heavy_libraries():
    assert loaded_after("import anneal_theory") & set(HEAVY) == set()


@pytest.mark.slow
def test_the_public_functions_load_neither_sympy_torch_nor_matplotlib():
    names = (
        "collapse_probability",
        "collapse_threshold",
        "critical_temperature",
        "solve_flow",
        "BimodalTarget",
        "phase_diagram",
    )
    loaded = loaded_after(f"import anneal_theory as at\n{'; '.join(f'at.{name}' for name in names)}")
    assert loaded & {"sympy", "torch", "matplotlib", "xarray", "zarr"} == set()


@pytest.mark.parametrize("arguments", ["['--version']", "['probability', '--help']"])
def test_version_and_help_load_no_numerical_library(arguments):
    statements = f"from anneal_theory.cli.app import run\nassert run({arguments}) == 0"
    assert loaded_after(statements) & {"numpy", "mpmath", "flint", *HEAVY} == set()


@pytest.mark.parametrize(
    ("home", "name"),
    [
        ("anneal_theory", "sweep"),
        ("anneal_theory.schedules", "from_callable"),
        ("anneal_theory.training", "train_flow"),
    ],
)
def test_a_mistyped_name_of_a_package_is_told_as_python_tells_it(home, name):
    """From the object and the name of the error the interpreter finds the nearest that `dir` lists."""
    module = importlib.import_module(home)
    assert name in dir(module)
    with pytest.raises(AttributeError) as refused:
        getattr(module, f"{name}_")
    assert (refused.value.obj, refused.value.name) == (module, f"{name}_")


def test_the_derivations_say_what_to_install_where_sympy_is_missing():
    code = "import runpy, sys; sys.modules['sympy'] = None; runpy.run_module('derivations', run_name='__main__')"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (1, 'sympy must be installed; run `pip install "anneal-theory[derive]"`.\n')
