"""Options, errors and help of the command line; nothing here computes anything long."""

import dataclasses
import inspect
from fractions import Fraction

import pytest

import anneal_theory as at
from anneal_theory.cli import option_fields, options, schedule_options, wording
from anneal_theory.cli.app import COMMANDS, app, run
from anneal_theory.errors import DomainError
from anneal_theory.quantities import QUANTITIES

BAD = [
    ("probability --separation 0", "--separation must be positive"),
    ("probability --separation inf", "--separation must be"),
    ("probability --weight 1", "--weight must be strictly between 0 and 1"),
    ("probability --weight one", "--weight must be"),
    ("probability --dim 1", "--dim must be"),
    ("probability --dim 2.5", "--dim must be a whole number"),
    ("probability --initial-temperature 0.5", "--initial-temperature must be"),
    ("probability --decay-time -1", "--decay-time must be"),
    ("probability --schedule linear --decay-time 3", "--decay-time must be left out for the schedule linear"),
    ("probability --schedule piecewise --times 0,2,1 --temperatures 3,2,1", "--times must be"),
    ("probability --objective elbo", "--objective must be one of tempered-target, free-energy, but was 'elbo'; choose"),
    ("probability --bogus", "no option --bogus; anneal-theory probability --help lists"),
    ("probability extra", "no place for 'extra'; anneal-theory probability --help"),
    ("nonsense", "no command nonsense; they are report, probability, map"),
    ("threshold --distance 0", "--distance must be positive"),
    ("trajectory --points 1", "--points must be from 2 to 1000000"),
    ("trajectory --until 0", "--until must be positive"),
    ("report --grid 1", "--grid must be from 3 to 200"),
    ("report --replicas 0", "--replicas must be at least 1"),
    (
        "probability --weight 0,8",
        "such as 0.8, 1e-3 or 4/5, but was '0,8'; write a decimal point: 0.8.",
    ),
    ("probability --schedule piecewise --times 0,a --temperatures 2,1", "--times[1] must be a finite number"),
    ("probability --seperation 3", "; did you mean --separation?"),
    ("probabilty", "; did you mean probability?"),
    ("prob", "; did you mean probability?"),
    ("--hepl", "no option --hepl; did you mean --help?"),
    ("probability weight 0.8", "; did you mean --weight?"),
    ("design", "--max-probability must be given, or a budget, but was missing; give --max-probability 0.01, say,"),
    ("probability --weight", "probability needs a value for --weight; anneal-theory probability --help"),
    ("sweep", "sweep needs a KIND, one of probability, noisy-probability, threshold,"),
    (
        "probability --variance trainde",
        "--variance must be a finite number such as 0.8, 1e-3 or 4/5, but was 'trainde';",
    ),
    ("map --variance trained --weight 0.6,0.7 --dim 8,9", "; did you mean --variance-rule trained?"),
    ("probability --constraint sphere --variance trained", "--variance must be left out with --constraint sphere"),
    ("probability --constraint sphere --variance trained", "; did you mean --variance-rule trained?"),
    ("threshold --digits 200", "it would take about 1 minute: pass --allow-slow."),
    ("threshold --family-weight 0.3", "use --metric natural, or anneal-theory probability, which"),
]


@pytest.mark.parametrize(("line", "message"), BAD)
def test_bad_input_is_one_line_on_the_standard_error_and_exit_code_2(capsys, line, message):
    assert run(line.split()) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert told.err.startswith("anneal-theory: ")
    assert message in told.err


def test_a_rule_that_a_sweep_of_flows_does_not_take_is_named_as_it_was_typed(capsys):
    pytest.importorskip("torch", reason="without torch a sweep of flows asks for it first")
    assert run(["sweep", "realnvp", "--separation", "2,3", "--variance-rule", "trained"]) == 2
    assert "--variance-rule must be left out of a sweep of realnvp" in capsys.readouterr().err


def test_what_the_package_advises_is_told_in_options_and_commands():
    options = {"method", "allow_slow", "decay_time"}
    for text, told in (
        ('use method="exact"; raise decay_time', "use --method exact; raise --decay-time"),
        ("pass allow_slow=True, or ask for fewer", "pass --allow-slow, or ask for fewer"),
        (
            "collapse_probability(method='large-dim', digits=9)",
            "anneal-theory probability --method large-dim --digits 9",
        ),
        ("ask attractors()", "ask anneal-theory constants"),
    ):
        assert wording.reworded(text, options) == told
    for left in ("Exponential(decay_time=3)", "of the same digits", "end_time", "rho=3", "docs/decay_time.md"):
        assert wording.reworded(left, options) == left


def test_every_function_named_in_advice_has_its_command():
    assert {command.split()[0] for command in wording._COMMANDS.values()} <= set(COMMANDS)
    assert set(wording._COMMANDS) <= set(at.__all__)


# Where a message of the package names an argument, and the command has that option, it is the option that is told.
@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_known_to_its_messages(name):
    names = [name for argument in app[name].assemble_argument_collection() for name in argument.names]
    found = {name.removeprefix("--").replace("-", "_") for name in names if name.startswith("--")} - {"yes"}
    for option in found:
        error = DomainError.of(option, "right", "wrong", f"mend {option}=3")
        spelled = "--" + option.replace("_", "-")
        assert wording.in_options(error, found) == f"{spelled} must be right, but was 'wrong'; mend {spelled} 3."


@pytest.mark.parametrize("name", ["map", "sweep", "rerun", "compare", "train-mixture", "train-realnvp"])
def test_a_command_that_shows_a_bar_can_be_told_to_show_none(name):
    assert "--quiet" in {option for one in app[name].assemble_argument_collection() for option in one.names}


def test_an_output_file_that_cannot_be_written_is_one_line_too(capsys, tmp_path):
    missing = tmp_path / "no" / "file.txt"
    assert run(["trajectory", "--until", "1", "--points", "2", "--out", str(missing)]) == 2
    assert str(missing) in capsys.readouterr().err


def test_version_prints_the_version(capsys):
    from anneal_theory import __version__

    assert run(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"anneal-theory {__version__}"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_summary_of_a_command_is_the_first_line_of_its_docstring(name):
    command = app[name].default_command
    assert inspect.getdoc(command).splitlines()[0] == COMMANDS[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_is_its_whole_docstring(capsys, name):
    """What stands below the first line too: the grammar of ranges, an example, what times are counted in."""
    assert run([name, "--help"]) == 0
    words = " ".join(capsys.readouterr().out.split())
    assert " ".join(inspect.getdoc(app[name].default_command).split()) in words


@pytest.mark.parametrize("name", ["separation", "weight", "dim", "decay_time", "s0", "relative_error"])
def test_the_help_of_an_option_is_the_glossary_s_entry(capsys, name):
    command = "threshold" if name == "s0" else "probability"
    assert run([command, "--help"]) == 0
    words = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert QUANTITIES[name].help in words


@pytest.mark.parametrize("name", schedule_options.SCHEDULE_CLASSES)
def test_every_form_of_schedule_builds_from_its_defaults(name):
    built = schedule_options.ScheduleGroup(schedule=name).build()
    assert type(built).__name__.lower() == name.replace("-", "")


@pytest.mark.parametrize("name", schedule_options.SCHEDULE_CLASSES)
def test_every_parameter_of_a_schedule_is_an_option(name):
    offered = {field.name for field in dataclasses.fields(schedule_options.ScheduleGroup)}
    built = schedule_options.ScheduleGroup(schedule=name).build()
    typed = {
        key: str(value) if isinstance(value, Fraction) else ",".join(map(str, value))
        for key, value in built.parameters.items()
    }
    assert set(typed) <= offered
    assert schedule_options.ScheduleGroup(schedule=name, **typed).build() == built


def test_numbers_are_exact_as_typed():
    target = options.TargetGroup(separation="1/3", weight="0.1").build()
    assert (str(target.exact_separation), str(target.exact_weight)) == ("1/3", "1/10")


def test_a_whole_number_may_be_typed_with_an_exponent():
    assert option_fields.typed_integer("1e12", "dim") == 10**12
    with pytest.raises(DomainError, match="whole number"):
        option_fields.typed_integer("1.5", "dim")


def test_a_rule_of_training_is_an_option_without_another_line():
    """Every field of the rules is an option, but for those that say how a run is watched."""
    from anneal_theory.cli import train_mixture, train_realnvp
    from anneal_theory.training import mixture_rules, rules

    def names(kind):
        return {field.name for field in dataclasses.fields(kind)}

    own = {"stop_at_rest", "record_every"}
    assert names(train_mixture.MixtureTraining) == names(mixture_rules.MixtureRules) - own
    trained = names(rules.TrainingRules) | names(rules.FlowVerdict) | {"replicas", "seed"}
    assert names(train_realnvp.FlowTraining) == trained
    assert names(train_realnvp.FlowGroup) == names(rules.FlowShape) | {
        "mode_direction", "compiled",
    }  # fmt: skip


def test_the_defaults_of_options_are_those_of_the_package():
    from anneal_theory.cli import train_mixture
    from anneal_theory.training.mixture_rules import MixtureRules

    assert options.DynamicsGroup().build() == at.Dynamics()
    assert MixtureRules(**train_mixture.MixtureTraining().keywords) == MixtureRules()


def test_one_time_of_a_schedule_may_be_given_in_the_place_of_another():
    options_of = schedule_options.ScheduleGroup
    built = options_of(schedule="exponential-to-one", initial_temperature="90", duration="35").build()
    assert repr(built) == "ExponentialToOne(initial_temperature=90, duration=35)"
    with pytest.raises(DomainError, match="decay_time must be left out with --duration, but was '3'; "):
        options_of(schedule="exponential-to-one", decay_time="3", duration="35").build()
    with pytest.raises(DomainError, match="it takes --initial-temperature, --decay-time or --duration"):
        options_of(schedule="exponential-to-one", exponent="3").build()
