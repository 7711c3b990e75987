"""`anneal-theory completion`: what a shell needs to complete commands and options."""

from typing import Annotated, Literal

from cyclopts import Parameter

from anneal_theory.cli.option_fields import file
from anneal_theory.cli.output import write

Shell = Literal["bash", "zsh", "fish"]


def completion(
    shell: Annotated[Shell, Parameter(help="which shell", metavar="SHELL")],
    /,
    *,
    out: Annotated[str | None, file("the script")] = None,
) -> None:
    """Print the script with which a shell completes commands and options.

    bash: `anneal-theory completion bash >> ~/.bashrc`; zsh: into a file `_anneal-theory` of a folder of $fpath; fish:
    `anneal-theory completion fish > ~/.config/fish/completions/anneal-theory.fish`
    """
    from anneal_theory.cli.app import app

    script = app.generate_completion(shell=shell)
    if shell == "zsh":  # which runs the file that it loads: the function would be defined, and never called
        script += '\n_cyclopts_anneal-theory "$@"\n'
    write(out, script)
