"""The completion script of a shell completes commands, options and choices."""

import re
import shutil
import subprocess

import pytest

from anneal_theory.cli.app import COMMANDS, app, run

GUARD = 60
# What is typed before the tab, and what it becomes.
TYPED = {
    "anneal-theory thresh": "threshold",
    "anneal-theory probability --rel": "--relative-error",
    "anneal-theory probability --method sh": "sharp",
    "anneal-theory train-realnvp --reci": "--recipe",
    "anneal-theory figure landsc": "landscape",
}
# A shell of its own, where a key writes down what is on the line.
ZSH = r"""
zmodload zsh/zpty
where=$1; shift
zpty z zsh -f -i
zpty -w z "PROMPT=; fpath=($where \$fpath); autoload -Uz compinit; compinit -u -d $where/dump
told() { print -r -- \$BUFFER >> $where/told; zle kill-buffer }; zle -N told; bindkey '^X' told
print -r -- ready >> $where/told"
count=1
for line in "" "$@"; do
  [[ -n $line ]] && zpty -w -n z "$line"$'\t'$'\x18' && (( count++ ))
  for i in {1..400}; do [[ -e $where/told && $(wc -l < $where/told) -ge $count ]] && break; sleep 0.05; done
done
zpty -d z
"""


def needs(shell):
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed")


def script_of(shell, path):
    assert run(["completion", shell, "--out", str(path)]) == 0
    return path


def said(shell, code, *arguments):
    line = [shell, "-c", code, *arguments]
    return subprocess.run(line, capture_output=True, text=True, check=True, timeout=GUARD).stdout


@pytest.mark.slow
@needs("bash")
def test_bash_completes_commands_options_and_choices(tmp_path):
    lines = [f"source {script_of('bash', tmp_path / 'completion.sh')}"]
    for words in TYPED:
        count = len(words.split()) - 1
        lines.append(f'COMP_WORDS=({words}); COMP_CWORD={count}; _anneal_theory; echo "${{COMPREPLY[@]}}"')
    assert said("bash", "\n".join(lines)).split("\n")[:-1] == list(TYPED.values())


@needs("fish")
def test_fish_completes_commands_options_and_choices(tmp_path):
    lines = [f"source {script_of('fish', tmp_path / 'anneal-theory.fish')}"]
    lines += [f"complete -C '{words}'" for words in TYPED]
    told = said("fish", "\n".join(lines)).splitlines()
    assert [line.partition("\t")[0] for line in told] == list(TYPED.values())


@needs("zsh")
def test_zsh_completes_commands_options_and_choices(tmp_path):
    """From the file and the folder that the help of the command names, as at a terminal."""
    script_of("zsh", tmp_path / "_anneal-theory")
    said("zsh", ZSH, "zsh", str(tmp_path), *TYPED)
    lines = (tmp_path / "told").read_text("utf-8").splitlines()
    assert [line.strip() for line in lines[1:]] == [
        f"{words.rpartition(' ')[0]} {whole}" for words, whole in TYPED.items()
    ]


def of_command(command):
    """Its options, and the words of those that take one of a few."""
    found = app[command].assemble_argument_collection()
    own = {name: one for one in found for name in one.names if name.startswith("--")}
    return set(own), {name: set(one.get_choices(force=True) or ()) for name, one in own.items()}


def in_zsh(script, command):
    """The same, as the script says it."""
    part = re.search(rf"^        {command}\)$(.*?)^          ;;$", script, re.MULTILINE | re.DOTALL)[1]
    lines = re.findall(r"""^ +['"]\*?(--[\w-]+)\[(?:[^\]\\]|\\.)*\](.*)$""", part, re.MULTILINE)
    words = {name: re.search(r":\(([^)]*)\)", rest) for name, rest in lines}
    return set(words), {name: set(one[1].split()) if one else set() for name, one in words.items()}


def in_fish(script, command):
    """The same, as the script says it."""
    lines = re.findall(rf"^complete .*_using_command {command}' -l ([\w-]+)(.*)$", script, re.MULTILINE)
    words = {f"--{name}": re.match(r" -x -a '([^']*)'", rest) for name, rest in lines}
    return set(words), {name: set(one[1].split()) if one else set() for name, one in words.items()}


@pytest.mark.slow
@pytest.mark.parametrize(("shell", "reader"), [("zsh", in_zsh), ("fish", in_fish)])
def test_the_script_has_every_option_of_every_command_and_every_word(shell, reader, capsys):
    """Whether or not the shell is installed."""
    assert run(["completion", shell]) == 0
    script = capsys.readouterr().out
    for command in COMMANDS:
        options, words = of_command(command)
        found, listed = reader(script, command)
        assert found - {"--help", "--version"} == options, command
        assert {name: listed[name] for name in options} == words, command
    assert sum(len(of_command(command)[0]) for command in COMMANDS) > 200


@pytest.mark.slow
def test_the_script_of_zsh_calls_what_it_defines(capsys):
    """A file that only defines a function of another name completes nothing."""
    assert run(["completion", "zsh"]) == 0
    script = capsys.readouterr().out
    (name,) = re.findall(r"^([\w-]+)\(\) \{$", script, re.MULTILINE)
    assert script.splitlines()[0] == "#compdef anneal-theory"
    assert script.rstrip().splitlines()[-1] == f'{name} "$@"'


def test_an_unknown_shell_is_refused_with_those_that_are_known(capsys):
    assert run(["completion", "tcsh"]) == 2
    assert "must be one of bash, zsh, fish, but was 'tcsh'" in capsys.readouterr().err
