"""The completion script of a shell completes commands, options and choices."""

import shutil
import subprocess

import pytest

from anneal_theory.cli.app import run

needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")


@needs_bash
def test_bash_completes_commands_options_and_choices(tmp_path):
    script = tmp_path / "completion.sh"
    assert run(["completion", "bash", "--out", str(script)]) == 0
    lines = [f"source {script}"]
    for words in ("anneal-theory thresh", "anneal-theory probability --rel", "anneal-theory probability --method sh"):
        count = len(words.split()) - 1
        lines.append(f'COMP_WORDS=({words}); COMP_CWORD={count}; _anneal_theory; echo "${{COMPREPLY[@]}}"')
    told = subprocess.run(["bash", "-c", "\n".join(lines)], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.split("\n")[:3] == ["threshold", "--relative-error", "sharp"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_have_a_script_that_names_every_command(shell, capsys):
    from anneal_theory.cli.app import COMMANDS

    assert run(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(name in script for name in COMMANDS)


def test_an_unknown_shell_is_refused_with_those_that_are_known(capsys):
    assert run(["completion", "tcsh"]) == 2
    assert "must be one of bash, zsh, fish, but was 'tcsh'" in capsys.readouterr().err
