"""Functions of free means alone: asked for the sphere they are refused by name, with what answers there."""

import importlib
import inspect
import re

import pytest

import anneal_theory as at
from anneal_theory.design import schedule_cost, singular_temperature
from anneal_theory.errors import DomainError
from anneal_theory.initial_law import sample_full_statistics
from anneal_theory.probability.slow.slow_annealing import slow_probability
from anneal_theory.quantities.free_means import ON_SPHERE

OTHERS = {one.__name__: one for one in (schedule_cost, singular_temperature, sample_full_statistics, slow_probability)}
FUNCTIONS = {name: OTHERS.get(name) or getattr(at, name) for name in ON_SPHERE}
WITH_INIT = [name for name, one in FUNCTIONS.items() if "init" in inspect.signature(one).parameters]
# These take it in `dynamics`, in what a sweep is of, or train flows, which no model has.
WITHOUT = {"simulate_flow", "sweep", "plan_sweep", "train_realnvp"}


@pytest.mark.parametrize("name", sorted(ON_SPHERE))
@pytest.mark.parametrize(("argument", "value"), [("constraint", "sphere"), ("variance", "trained")])
def test_the_argument_of_the_model_is_refused_with_what_to_do(name, argument, value):
    with pytest.raises(DomainError, match=rf"^{argument} must be left out \({name} is of free means\)") as refused:
        FUNCTIONS[name](**{argument: value, "objective": "free-energy"})
    assert refused.value.next_step == ON_SPHERE[name]


@pytest.mark.parametrize("name", sorted(ON_SPHERE))
def test_its_own_model_is_no_argument_either(name):
    with pytest.raises(DomainError, match="no other model is known here"):
        FUNCTIONS[name](constraint="free")


@pytest.mark.parametrize("name", WITH_INIT)
def test_a_law_on_the_sphere_is_refused_with_what_to_do(name):
    with pytest.raises(DomainError, match=r"^init must be a GaussianInit") as refused:
        FUNCTIONS[name](init=at.SphereInit(8))
    assert refused.value.next_step == ON_SPHERE[name]
    with pytest.raises(DomainError, match=r"^init must be a GaussianInit") as other:
        FUNCTIONS[name](init=8)
    assert "GaussianInit(dim)" in other.value.next_step


@pytest.mark.parametrize("name", sorted(ON_SPHERE))
def test_what_it_advises_is_there_and_takes_the_sphere(name):
    """Whatever it names can be called with what is told, and is not of free means alone."""
    calls = re.findall(r"([\w.]+)\(([^()]*)\)", ON_SPHERE[name])
    assert calls
    for path, given in calls:
        module, _, last = path.rpartition(".")
        home = at if not module or module == "SphereState" else importlib.import_module(f"anneal_theory.{module}")
        function = at.SphereState.draw if module == "SphereState" else getattr(home, last)
        assert last not in ON_SPHERE
        shown = inspect.signature(function).parameters
        assert {one.partition("=")[0].strip() for one in given.split(",")} <= set(shown)


def test_no_function_of_a_target_is_left_with_a_bare_type_error():
    """Each public function of a target or a start takes the model or is in the table."""
    for name in at.__all__:
        shown = inspect.signature(getattr(at, name)).parameters if inspect.isfunction(getattr(at, name)) else {}
        if {"target", "init"} & set(shown) and name not in WITHOUT:
            assert "constraint" in shown or name in ON_SPHERE, name
