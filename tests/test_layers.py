"""The import contracts of pyproject.toml hold, and cover every module."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts of a folder's pyproject.toml on the package found there."""
    code = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports as lint; "
    code += "sys.exit(lint(no_cache=True))"
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)


def test_every_layer_imports_only_from_those_below_it():
    run = lint(ROOT)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(
    ("module", "statement"),
    [
        ("problem/extra.py", "import anneal_theory.averages"),
        ("training/mixture.py", "import anneal_theory.averages"),
        ("formulas/extra.py", "import anneal_theory.errors"),
    ],
)
def test_a_forbidden_import_is_found(tmp_path, module, statement):
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for layer in (name.strip("()") for line in CONTRACTS[0]["layers"] for name in line.replace("|", ":").split(":")):
        package = tmp_path / "anneal_theory" / layer.strip(" ()")
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
    (tmp_path / "anneal_theory" / "__init__.py").touch()
    assert lint(tmp_path).returncode == 0
    (tmp_path / "anneal_theory" / module).write_text(statement + "\n")
    run = lint(tmp_path)
    assert run.returncode == 1
    assert "broken" in run.stdout


def test_the_architecture_page_names_every_layer():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    layers = {name.strip(" ()") for line in CONTRACTS[0]["layers"] for name in line.replace("|", ":").split(":")}
    single = {name for name in layers if (ROOT / "anneal_theory" / f"{name}.py").exists()}
    spelled = {f"{name}.py" if name in single else f"{name}/" for name in layers - {"_types", "initial_law"}}
    assert {name for name in spelled if name not in page} == set()
