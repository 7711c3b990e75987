"""Every argument of the public functions that is no letter of the theory; here those that count, choose or switch."""

from anneal_theory.quantities.arrays import ValueList
from anneal_theory.quantities.axes import AXES
from anneal_theory.quantities.domains import Digits, Flag, Place, Text, Whole, Word
from anneal_theory.quantities.flow_objects import FLOW_OBJECTS
from anneal_theory.quantities.object_domains import Function, Names
from anneal_theory.quantities.objects import OBJECTS, RESULTS
from anneal_theory.quantities.objects import of as _of
from anneal_theory.quantities.quantity import Quantity
from anneal_theory.quantities.real_arguments import ARRAYS, NUMBERS

_CHOOSE = "choose one of these"
STEPPERS = "LSODA", "DOP853", "Radau"  # as scipy.integrate calls them


def _words(name: str, meaning: str, *choices: str) -> Quantity:
    return _of(name, Word(" or ".join(map(repr, choices)), choices=choices), meaning, _CHOOSE)


_FLAG = Flag("True or False")
_TEXT = Text("a piece of text")
_PLACE = Place("the path of a file")
MOST_NUMBERS = 2**28  # held at once: two gigabytes
MOST_STEPS = 2**27  # whose temperatures are one gigabyte
_MOST_THREADS = 1024


def _up_to(low: int, high: int) -> Whole:
    return Whole(f"an integer from {low} to {high}", low=low, high=high)


_WHOLE = Whole("a positive integer", low=1)
_NATURAL = Whole("a non-negative integer", low=0)
_PAIR = Whole("an integer, at least 2", low=2)

_COUNTS = (
    _of("sphere_dim", Whole("an integer from 3 to 1e300", low=3, high=10**300), "dimension of the samples",
        "use 3 or more: two means and the axis need three; free means have two dimensions too (GaussianInit)"),
    _of("count", _NATURAL, "number of draws", "give how many to draw"),
    _of("coordinates", _WHOLE, "dimension of the samples", "give the number of coordinates"),
    _of("bias_replicas", _NATURAL, "replicas trained again", "they are the first of the replicas"),
    _of("batch_size", _up_to(2, MOST_NUMBERS // 8), "samples of each component in each step"),
    _of("noise_batch", _up_to(2, 10**15), "samples of each component in each step", "give the batch of the training"),
    _of("record_every", _WHOLE, "steps between two records"),
    _of("record_samples", _up_to(2, MOST_NUMBERS // 8), "samples of a record"),
    _of("memory", _up_to(1, MOST_STEPS), "steps that an optimiser remembers", "1 without momentum, 10 for Adam"),
    _of("threads", _up_to(1, _MOST_THREADS), "threads that work at the same time"),
    _of("workers", _up_to(1, _MOST_THREADS), "cells computed at the same time", "leave it out for one a core"),
    _of("processes", _WHOLE, "processes that work at the same time", "1 is the default"),
    _of("max_steps", _WHOLE, "steps after which a run stops early"),
    _of("steps", _up_to(1, MOST_STEPS), "optimiser steps"),
    _of("every", _WHOLE, "optimiser steps between two temperatures", "10 steps are usual"),
    _of("samples", _PAIR, "samples that a rule looks at", "1000 samples are usual"),
    _of("annealing_steps", _up_to(1, MOST_STEPS), "optimiser steps in which the temperature falls to 1",
        "use 200 to 2000, as the paper does"),
    _of("settling_steps", Whole("a non-negative integer", low=0, high=MOST_STEPS), "optimiser steps at T = 1 after it",
        "use 100, or 0 for none"),
    _of("couplings", _WHOLE, "number of affine couplings"),
    _of("hidden", ValueList("a list of positive integers", item=_WHOLE), "widths of the hidden layers",
        "give a list: (64, 64)"),
    _of("evaluation_samples", _up_to(2, MOST_NUMBERS), "samples of the final statistics", "10000 is the default"),
    _of("checkpoint_every", _WHOLE, "steps between two checkpoints", "1000 is the default"),
    _of("collapsed_runs", _NATURAL, "number of runs that collapsed", "it counts some of the replicas"),
    _of("formula_digits", Digits("an integer from 1 to 1000000"), "correct decimal digits"),
)  # fmt: skip

_CHOICES = (
    _words("probability_method", "the route to the probability", "exact", "large-dim", "slow-annealing",
           "leading-order", "sharp", "closed-form", "simulated"),
    _words("threshold_method", "the route to the threshold", "exact", "slow-annealing", "leading-order", "sharp",
           "closed-form"),
    _words("noisy_method", "the route to the probability with noise", "quantiles", "leading-order",
           "simulated"),
    _words("passage_end", "where the linear passage ends", "saturation", "annealing"),
    _words("choice_method", "what the search minimises", "quick", "exact"),
    _words("design_family", "form of a designed schedule", "exponential", "exponential-to-one", "hold",
           "cold-then-pulse", "free", "monotone"),
    _words("sweep_kind", "what fills the cells of a sweep", "probability", "noisy-probability", "threshold",
           "mixture", "realnvp"),
    _words("constraint", "whether the means are free or held on the sphere of radius R", "free", "sphere"),
    _words("variance_rule", "what becomes of the variance", "fixed", "follows-temperature", "trained"),
    _words("variance_law", "the law of a trained variance: in its dimension, or in large ones", "exact", "large-dim"),
    _words("stepper", "SciPy's method of integration", *STEPPERS),
    _words("route", "how training is simulated", "reduced", "plain", "exact"),
    _words("gradient", "the estimator of the gradient", "plain", "path"),
    _words("optimiser", "how steps are made", "adam", "sgd"),
    _words("training_clock", "the time that the schedule sees", "steps", "flow"),
    _words("mode_direction", "where mu* points", "first-axis", "diagonal", "random"),
    _words("halves", "which halves of the base are recorded", "label", "fixed", "shifts"),
    _words("networks", "whether one network gives shift and log-scale", "joint", "separate"),
    _words("scale_form", "how a log-scale is kept within its bound", "soft-clip", "tanh"),
    _words("verdict", "what tells whether a flow has collapsed", "mode-weight", "spread"),
    _words("products", "the precision of the networks' matrix products", "full", "bfloat16"),
    _words("dtype", "the type of the numbers", "float32", "float64"),
    _of("device", _TEXT, "name of a torch device", "use 'cpu' or 'cuda'"),
    _of("stop_at", _TEXT, "name of an event that ends the run", "leave it empty to follow the run to its end"),
)  # fmt: skip

_SWITCHES = (
    _of("certified", _FLAG, "whether the digits are proven", "use True for a Ball"),
    _of("allow_slow", _FLAG, "whether a long computation is fine", "use True to accept it"),
    _of("progress", _FLAG, "whether a bar is shown", "use True to show it"),
    _of("large_dim", _FLAG, "whether the limit of large dimension is taken", "use True for the limit"),
    _of("prefactor", _FLAG, "whether the prefactor is used", "use False to leave it out"),
    _of("in_clock", _FLAG, "whether times are those of the integral of beta", "use False for times"),
    _of("stop_at_rest", _FLAG, "whether runs end at rest", "use False to make all steps"),
    _of("batch_norm", _FLAG, "whether the inputs of the networks are normalised", "use True to normalise them"),
    _of("compiled", _FLAG, "whether torch compiles the flow", "use True to compile it"),
    _of("checkpoint", _PLACE, "file to go on from and to write to", "give a path, or leave it out"),
    _of("store", Place("the path of a folder"), "Zarr store to go on from and to write to", "name it like runs.zarr"),
    _of("into", Place("the path of a folder"), "Zarr store to write all cells to anew", "name it like again.zarr"),
    _of("density", Function("a function of samples"), "log-density of the target", "give a callable"),
    _of("function", Function("a function of time"), "the temperature as a function of time", "give a callable"),
    _of("called", Function("a function or class", classes=True), "what is called for each element",
        "an example is vectorize(collapse_probability)"),
    _of("whole", Names("a list of names"), "arguments that are lists themselves", 'an example is ["times"]'),
)  # fmt: skip

ARGUMENTS = OBJECTS + FLOW_OBJECTS + ARRAYS + AXES + NUMBERS + _COUNTS + _CHOICES + _SWITCHES + RESULTS
"""Every argument that is no letter."""
