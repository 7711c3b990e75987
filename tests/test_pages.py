"""The pages of the documentation name what is there: functions, arguments, messages, files, and each other."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import anneal_theory as at
from anneal_theory.cli.app import COMMANDS
from anneal_theory.gallery import FIGURES
from docs.links import broken_links

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *DOCS.glob("*.md"), *(DOCS / "how_to").glob("*.md"), *(DOCS / "tutorials").glob("*.md")]
BLOCK = re.compile(r"```(?:python|\{code-cell\} ipython3)\n(---\n.*?\n---\n|(?::.*?\n)*)(.*?)```", re.DOTALL)


def blocks(page):
    return [code for _, code in BLOCK.findall(page.read_text("utf-8"))]


def calls(code):
    return [
        node
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "at"
    ]


def test_every_call_in_a_page_s_python_has_a_function_and_arguments_of_these_names():
    found = [one for page in PAGES for code in blocks(page) for one in calls(code)]
    assert len(found) > 60
    for call in found:
        signature = inspect.signature(getattr(at, call.func.attr))
        named = {keyword.arg: None for keyword in call.keywords if keyword.arg is not None}
        if not any(isinstance(one, ast.Starred) for one in call.args):
            signature.bind_partial(*call.args, **named)  # a TypeError names what does not fit


def test_the_api_s_pages_show_every_public_name_once():
    shown = [
        name
        for page in (DOCS / "api").glob("*.md")
        for name in re.findall(r"auto(?:function|class|exception):: anneal_theory\.(\S+)", page.read_text("utf-8"))
    ]
    public = set(at.__all__) - {"__version__", "asymptotics", "averages"}  # the two folders are shown name by name
    public |= {f"averages.{name}" for name in at.averages.__all__}
    assert public - set(shown) == set()
    assert len(shown) == len(set(shown))


def test_the_names_that_the_api_s_pages_show_are_public():
    """A function that has a public name is shown by it, and not by the module it lives in."""
    public = set(at.__all__)
    for page in (DOCS / "api").glob("*.md"):
        for name in re.findall(r"auto\w+:: anneal_theory\.(\S+)", page.read_text("utf-8")):
            if "." in name and not name.startswith(("asymptotics", "averages")):
                assert name.rpartition(".")[2] not in public, f"{page.name}: {name}"


def names_shown():
    """What the API's pages show: entries, members of modules that are shown whole, and names in the text."""
    for page in sorted((DOCS / "api").glob("*.md")):
        text = page.read_text("utf-8")
        for kind, name in re.findall(r"auto(\w+):: anneal_theory\.(\S+)", text):
            members = importlib.import_module(f"anneal_theory.{name}").__all__ if kind == "module" else ()
            yield from (f"at.{name}.{one}" for one in members)
            yield f"at.{name}"
        yield from re.findall(r"`(at(?:\.\w+)+)`", text)
        yield from (f"at.{name}" for name in re.findall(r"\{\w+\}`~?anneal_theory\.([\w.]+)`", text))


def test_every_name_that_the_api_s_pages_show_is_there_as_it_is_shown():
    """Attributes at most one module deep: the package loads that by itself, and it lists the name."""
    names = sorted(set(names_shown()), key=lambda name: -name.count("."))  # those in modules before any loads these
    assert len(names) > 130
    for name in names:
        _, *path = name.split(".")
        assert len(path) <= 2, name
        home = at if len(path) == 1 else getattr(at, path[0])
        assert path[-1] in {*dir(home), *getattr(home, "__all__", ())}, name
        assert getattr(home, path[-1]) is not None


@pytest.mark.slow
def test_each_module_is_reached_from_the_package_alone():
    """In an interpreter of its own, where nothing has been imported before."""
    modules = sorted({name.split(".")[1] for name in names_shown() if name.count(".") == 2})
    firsts = {one: next(name for name in sorted(names_shown()) if name.startswith(f"at.{one}.")) for one in modules}
    code = "import sys, anneal_theory as at\nassert 'anneal_theory.{0}' not in sys.modules\nassert {1} is not None"
    for module in ("compare", "threshold", "training"):
        subprocess.run([sys.executable, "-c", code.format(module, firsts[module])], check=True, timeout=120)
    assert {"compare", "threshold", "training", "probability"} < set(modules)


def test_messages_that_the_troubleshooting_page_quotes_are_the_package_s():
    page = (DOCS / "troubleshooting.md").read_text("utf-8")
    errors = page.partition("## Errors")[2].partition("## Waiting")[0]
    quoted = re.findall(r"^\| `([^`]+)`", errors, re.MULTILINE) + re.findall(r"the warning `([^`]+)`", page)
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "anneal_theory").rglob("*.py"))
    source = re.sub(r'"\s*\n\s*f?"', "", source)  # texts over several lines
    source = re.sub(r"\{[^{}]*\}", "", source)  # values, which the page writes as dots
    assert len(quoted) > 9
    for message in quoted:
        for words in re.sub(r"^\w+: ", "", message).split("..."):
            assert words.strip() in source, message


@pytest.mark.parametrize("page", [*PAGES, *(DOCS / "api").glob("*.md")], ids=lambda page: page.name)
def test_links_of_a_page_lead_to_files(page):
    text = re.sub(r"```.*?```|\$.*?\$", "", page.read_text("utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:|#", link):
            assert (page.parent / link.partition("#")[0]).exists(), link


def test_a_link_that_leads_nowhere_is_found(tmp_path):
    (tmp_path / "a.html").write_text('<h1 id="here">A</h1><a href="b.html#there">b</a><a href="#here">up</a>')
    (tmp_path / "b.html").write_text('<p id="there"><a href="a.html#gone">a</a><a href="c.html">c</a>')
    assert broken_links(tmp_path) == ["b.html: a.html#gone", "b.html: c.html"]


def test_links_to_other_hosts_are_left_alone(tmp_path):
    (tmp_path / "a.html").write_text('<a href="https://arxiv.org">x</a><a href="mailto:a@b">y</a><img src="data:,">')
    assert broken_links(tmp_path) == []


def test_every_figure_that_has_a_name_is_on_the_page_of_figures():
    page = (DOCS / "figures.md").read_text("utf-8")
    found = re.findall(r'show\("([\w-]+)"', page) + re.findall(r"anneal-theory figure ([a-z-]+) --out", page)
    assert set(found) == set(FIGURES)


def test_every_command_is_named_in_the_readme_or_on_the_page_of_the_command_line():
    page = (ROOT / "README.md").read_text("utf-8") + (DOCS / "cli.md").read_text("utf-8")
    assert set(COMMANDS) - set(re.findall(r"`(?:anneal-theory )?([a-z-]+)\b[^`]*`", page)) == set()


def test_the_table_of_extras_is_that_of_the_package():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    rows = re.findall(r"^\| `(\w+)` \|(.*)", (DOCS / "install.md").read_text("utf-8"), re.MULTILINE)
    assert {name for name, _ in rows} == set(extras)
    brought = re.search(r"anneal-theory\[(.*)\]", extras["test"][0])[1].split(",")
    assert set(re.findall(r"`(\w+)`", dict(rows)["test"])) == set(brought)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_table_of_a_page_is_still_to_be_written(page):
    assert re.findall(r"<!-- reproduce: (.+?) -->\n<!-- end", page.read_text("utf-8")) == []
