"""Keywords that functions share: typed once, checked at every door, shown in every signature."""

import inspect
from typing import TypedDict, Unpack, get_type_hints

import pytest

import anneal_theory as at
from anneal_theory.errors import DomainError
from anneal_theory.phase_diagrams.grid import Axes, MapOptions
from anneal_theory.probability.effort import Effort, EffortOptions
from anneal_theory.problem import Dynamics, DynamicsOptions, ModelOptions
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.keywords import keywords_of
from anneal_theory.training.mixture_rules import MixtureOptions, MixtureRules
from anneal_theory.training.rules import FlowOptions, FlowShape, FlowVerdict, RealNVPOptions, TrainingRules
from tests.doors import DOORS

TARGET, SCHEDULE, INIT = at.BimodalTarget(3, "0.8"), at.Exponential(10, 100), at.GaussianInit(16)
MODEL = ("constraint", "variance")  # arguments of `Dynamics` that functions of free means do not have
OF_FREE_MEANS = (DynamicsOptions,)
OF_ALL_MODELS = (
    "collapse_threshold", "collapse_probability", "solve_flow", "solve_flows", "train_mixture", "train_mixture_torch",
    "compare_training", "design_schedule", "least_duration", "phase_diagram", "noisy_collapse_probability",
    "simulate_noisy_flow", "safe_batch_size", "choose_schedule", "compare_baselines", "calibrate_training",
    "noisy_threshold", "alignment_survival",
)  # fmt: skip
WITH_DYNAMICS = {
    "collapse_threshold": (TARGET, SCHEDULE),
    "collapse_probability": (TARGET, SCHEDULE, INIT),
    "phase_diagram": (TARGET, INIT),
    "solve_flow": (TARGET, SCHEDULE, at.ReducedState(0.1, 0.3, 1.2), [0.0]),
    "solve_flows": (TARGET, SCHEDULE, at.ReducedState([0.1], [0.3], [1.2]), [0.0]),
    "train_mixture": (TARGET, SCHEDULE, INIT),
    "train_mixture_torch": (TARGET, SCHEDULE, INIT),
    "compare_training": (TARGET, SCHEDULE, INIT),
    "compare_baselines": (TARGET, INIT),
    "choose_schedule": (TARGET, INIT, 30),
    "design_schedule": (TARGET, INIT),
    "least_duration": (TARGET, INIT, 30, 0.9),
    "noisy_collapse_probability": (TARGET, SCHEDULE, INIT),
    "simulate_noisy_flow": (TARGET, SCHEDULE, INIT),
    "safe_batch_size": (TARGET, SCHEDULE, INIT),
    "calibrate_training": (TARGET, {}),
    "calibrate_flow": (TARGET, {}),
    "noisy_threshold": (TARGET, SCHEDULE),
    "alignment_survival": (TARGET, 2),
    "alignment_after_heat": (9, 2),
}


@pytest.mark.parametrize(
    ("options", "classes"),
    [
        (DynamicsOptions, (Dynamics,)),
        (ModelOptions, (Dynamics,)),
        (EffortOptions, (Dynamics, Effort)),
        (MapOptions, (Dynamics, Axes)),
        (MixtureOptions, (Dynamics, MixtureRules)),
        (FlowOptions, (FlowShape,)),
        (RealNVPOptions, (TrainingRules, FlowShape, FlowVerdict)),
    ],
)
def test_the_keywords_are_the_arguments_of_the_classes_with_their_types(options, classes):
    arguments = {}
    for kind in classes:
        arguments |= {name: one.annotation for name, one in inspect.signature(kind).parameters.items()}
    if options in OF_FREE_MEANS:
        arguments = {name: one for name, one in arguments.items() if name not in MODEL}
    assert get_type_hints(options) == arguments


@pytest.mark.parametrize("name", WITH_DYNAMICS)
def test_every_function_of_dynamics_shows_checks_and_knows_them(name):
    function, given = getattr(at, name), WITH_DYNAMICS[name]
    shown = inspect.signature(function).parameters
    for argument, own in inspect.signature(Dynamics).parameters.items():
        if argument in MODEL and name not in OF_ALL_MODELS:
            assert argument not in shown
            continue
        assert (shown[argument].kind, shown[argument].default) == (inspect.Parameter.KEYWORD_ONLY, own.default)
        with pytest.raises(DomainError, match=f"^{argument} must be "):
            function(*given, **{argument: "nonsense"})
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'objectve'; did you mean 'objective'\?"):
        function(*given, objectve="free-energy")


def test_no_function_of_dynamics_is_forgotten():
    own = set(inspect.signature(Dynamics).parameters) - set(MODEL)
    taking = {name for name, door in DOORS.items() if own <= set(inspect.signature(door).parameters)}
    assert taking - {"Dynamics"} == set(WITH_DYNAMICS)


def test_a_keyword_that_no_class_takes_is_refused_where_it_is_typed():
    class Wrong(TypedDict, total=False):
        metric: str
        colour: str

    with pytest.raises(TypeError, match="colour"):
        keywords_of(Dynamics)(Wrong)


def test_shared_keywords_mean_what_their_class_says():
    """`end_time` of the rules of training is a time of training, whatever the table has under that name."""

    @checked
    def f(**options: Unpack[MixtureOptions]) -> MixtureOptions:
        return options

    assert f(end_time="1/2", replicas=3) == {"end_time": 0.5, "replicas": 3}
    with pytest.raises(DomainError, match=r"^end_time must be positive and finite, but was 0"):
        f(end_time=0)
    with pytest.raises(TypeError, match="did you mean 'replicas'"):
        f(replica=3)


@pytest.mark.parametrize("name", sorted(DOORS))
def test_every_public_function_and_class_tells_the_nearest_argument(name):
    """Refused before anything is computed, and before an argument that is missing is."""
    shown = inspect.signature(DOORS[name]).parameters
    last = next(name for name in reversed(shown) if name not in ("self", "cls"))
    if any(one.kind is inspect.Parameter.VAR_KEYWORD for one in shown.values()):
        pytest.skip("it takes keywords of another function, and asks that one")
    with pytest.raises(TypeError, match=f"{last}_'; did you mean '.+'") as refused:
        DOORS[name](**{f"{last}_": 1})
    assert f"did you mean '{last}'?" in str(refused.value)
