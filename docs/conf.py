"""Sphinx configuration: MyST pages, the API from docstrings, tutorials executed in the build, no network."""

import re
import sys
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from anneal_theory import __version__
from anneal_theory.cli.app import COMMANDS, show_whole_help
from docs.explorer.build import page

project = "anneal-theory"
author = "The anneal_theory developers"
copyright = f"2026, {author}"
version = release = __version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx.ext.mathjax",
    "sphinx_copybutton",
    "cyclopts.ext.sphinx",
]
exclude_patterns = ["_build", "jupyter_execute", "derivations/_equations/*"]
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
mathjax_path = "mathjax/tex-svg-full.js"  # MathJax 3.2.2 as published, shipped with the pages: they ask no host for it
html_title = f"anneal-theory {__version__}"

myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_render_markdown_format = "myst"  # tables and mathematics that a cell writes are those of a page

autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": False}
autosummary_generate = False
default_role = "code"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_custom_sections = [("Source", "notes_style")]
copybutton_prompt_text = r"\$ |>>> "
copybutton_prompt_is_regexp = True

python_maximum_signature_line_length = 90
toc_object_entries_show_parents = "hide"

_LITERAL = re.compile(r"(``.*?``|`.*?`)")


def escape_mathematics(app, what, name, obj, options, lines):
    """Let ``|mu*|`` in a docstring stand for itself: bars and stars are mathematics there, not markup."""
    example = False
    for index, line in enumerate(lines):
        example = bool(line.strip()) and (example or line.lstrip().startswith(">>>"))
        if not example:
            parts = _LITERAL.split(line)
            parts[::2] = [re.sub(r"([|*])", r"\\\1", part) for part in parts[::2]]
            lines[index] = "".join(parts)


# What Python makes of `Exactable`, `Number` and the like: the page says once what a number is.
_NUMBER = re.compile(
    r"int \| float \| str \| ~?(fractions\.)?Fraction \| ~?(decimal\.)?Decimal \| ~?(typing\.)?SupportsFloat"
)


def shorten_signature(app, what, name, obj, options, signature, returned):
    """Call the types of exact numbers "number"."""
    return tuple(_NUMBER.sub("number", text) if text else text for text in (signature, returned))


def show_public_names(app, doctree):
    """Head each entry with the name under which it is used: `at.collapse_probability`."""
    for name in doctree.findall(addnodes.desc_addname):
        if name.astext().startswith("anneal_theory."):
            name.children = [nodes.Text(name.astext().replace("anneal_theory.", "at.", 1))]


def write_explorer(app, error):
    """Put the explorer beside the pages: one file that needs none of them."""
    if error is None and app.builder.format == "html":
        (Path(app.outdir) / "_static" / "explorer.html").write_text(page(), encoding="utf-8")


def setup(app):
    """Register the hooks."""
    for name in COMMANDS:
        show_whole_help(name)
    app.connect("autodoc-process-docstring", escape_mathematics, priority=100)  # before napoleon
    app.connect("autodoc-process-signature", shorten_signature)
    app.connect("doctree-read", show_public_names)
    app.connect("build-finished", write_explorer)
