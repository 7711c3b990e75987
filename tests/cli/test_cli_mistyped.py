"""A word of every option that takes one of a few, an option of every command, every command and every figure, mistyped:
the nearest one is suggested. That the others would be is asked of `nearest`, which the command line asks too."""

import pytest

import anneal_theory as at
from anneal_theory.cli.app import COMMANDS, app, run
from anneal_theory.cli.sweep import SweepDynamics, SweepFlow, SweepTheory, SweepTraining
from anneal_theory.gallery import FIGURES
from anneal_theory.quantities import QUANTITIES
from anneal_theory.quantities.nearest import _LETTERS, _OTHERS, nearest
from anneal_theory.sweeps.kinds import KINDS


def mistyped(word):
    """The same with two letters exchanged."""
    place = next(place for place in range(len(word) // 2, 0, -1) if word[place] != word[place - 1])
    return word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :]


def choices():
    """What to type at each option or place that takes one of a few words, and these."""
    for command in COMMANDS:
        for argument in app[command].assemble_argument_collection():
            if words := argument.get_choices(force=True):
                option = argument.name if argument.name.startswith("-") else ""
                kind = "mixture" if option and command == "sweep" else ""
                yield f"{command} {kind} {option}", words


def swept():
    """The same of the words that a sweep may list, for each kind that takes them."""
    for group in (SweepDynamics, SweepTheory, SweepTraining, SweepFlow):
        for name in group.quantities:
            for kind, one in KINDS.items():
                words = QUANTITIES["probability_method" if name == "method" else name].choices
                argument = "variance" if name == "variance_rule" else name
                others = name == "method" and kind in (
                    "threshold",
                    "noisy-probability",
                )  # they have their own
                if words and argument in one.arguments and not others:
                    option = "--" + name.replace("_", "-")
                    yield f"sweep {kind} --separation 2,3 {option}", words


@pytest.mark.parametrize(("line", "words"), [*choices(), *swept()])
def test_the_nearest_word_is_suggested(capsys, line, words):
    assert run([*line.split(), mistyped(words[-1])]) == 2
    assert capsys.readouterr().err.endswith(f"; did you mean '{words[-1]}'?\n")
    assert [nearest(mistyped(word), words) for word in words] == list(words)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_nearest_option_is_suggested(capsys, command):
    options = [name for one in app[command].assemble_argument_collection() for name in one.names if name[:2] == "--"]
    assert run([command, mistyped(options[-1])]) == 2
    assert capsys.readouterr().err.endswith(f"; did you mean {options[-1]}?\n")
    assert [nearest(mistyped(option), options) for option in options] == options


@pytest.mark.parametrize("command", COMMANDS)
def test_the_nearest_command_is_suggested(capsys, command):
    assert run([mistyped(command)]) == 2
    assert capsys.readouterr().err.endswith(f"; did you mean {command}?\n")


@pytest.mark.parametrize("figure", FIGURES)
def test_the_nearest_figure_is_suggested(capsys, figure):
    assert run(["figure", mistyped(figure)]) == 2
    assert capsys.readouterr().err.endswith(f"; did you mean '{figure}'?\n")


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("sweep threshold --sep 2,3", "separation"),  # difflib would say --steps
        ("probability --sep 2", "separation"),
        ("probability --temp 3", "temperature"),
        ("probability --R 3", "separation"),
        ("probability --T0 10", "initial-temperature"),
        ("probability --t0 10", "decay-time"),
        ("duration --T0 10", "initial-temperature"),
        ("probability --w 0.8", "weight"),
        ("probability --dimension 8", "dim"),
        ("probability --sphere", "constraint"),
        ("probability --precision 30", "digits"),
        ("train-mixture --runs 30", "replicas"),
        ("train-realnvp --learning-rate 0.1", "step-size"),
        ("train-realnvp --batch 8", "batch-size"),
        ("sweep mixture --cores 2", "workers"),
        ("design --prob 0.1", "max-probability"),
    ],
)
def test_what_others_call_an_option_and_its_beginning_are_answered_with_it(capsys, line, option):
    assert run(line.split()) == 2
    assert capsys.readouterr().err.endswith(f"; did you mean --{option}?\n")


def test_other_words_are_of_options_that_there_are_and_hide_none():
    every = {name.lstrip("-") for command in COMMANDS for one in app[command].assemble_argument_collection()
             for name in one.names}  # fmt: skip
    for words in (_LETTERS, _OTHERS):
        assert {name for names in words.values() for name in names} <= every
        assert {word.lower() for word in words} & every == set()


def test_an_argument_in_python_is_recognised_by_its_letter_and_by_other_words():
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'lr'; did you mean 'step_size'\?"):
        at.train_mixture(at.BimodalTarget(3, 0.8), at.Constant(1), at.GaussianInit(8), lr=0.1)
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'dimension'; did you mean 'dim'\?"):
        at.GaussianInit(dimension=8)


def test_what_is_like_nothing_gets_no_suggestion(capsys):
    for line in ("probability --zzz 1", "zzz", "figure zzz", "probability --method zzz", "design --family zzz"):
        assert run(line.split()) == 2
        assert "did you mean" not in capsys.readouterr().err


def test_a_name_is_recognised_by_its_beginning_and_whatever_its_capitals():
    assert nearest("expo", ["linear", "exponential"]) == "exponential"
    assert nearest("SGD", ["adam", "sgd"]) == "sgd"
    assert nearest("", ["adam"]) is None
    assert nearest("ad", ["adam", "sgd"]) == "adam"  # more than half of it
    assert nearest("x" * 1000, ["x" * 1000]) is None
    assert nearest(3, ["3"]) is None
