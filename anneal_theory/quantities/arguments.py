"""The arguments of the public functions that are no letters of the theory, and letters that mean more in one place."""

from anneal_theory.quantities.arrays import Numbers, Row
from anneal_theory.quantities.axes import AXES
from anneal_theory.quantities.domains import Digits, Flag, Function, Number, Place, Text, Whole, Word
from anneal_theory.quantities.flow_objects import FLOW_OBJECTS
from anneal_theory.quantities.objects import DEFAULT, OBJECTS, RESULTS
from anneal_theory.quantities.objects import of as _of
from anneal_theory.quantities.quantity import Quantity

_CHOOSE = "choose one of these"


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
_POSITIVE = Number("positive and finite", above=0, double=True)
_SHARE = Number("strictly between 0 and 1", above=0, below=1, double=True)
_COSINE = Number("strictly between -1 and 1", above=-1, below=1)
_HEAT = Number("at least 1 and finite", low=1, double=True)
_LIMIT = Number("at least 1", low=1, double=True, infinite=True)
_ARRAY = Numbers("an array of finite numbers", axes=1)
_RATES = "0.001 is the usual learning rate of Adam"

_ARRAYS = (
    _of(
        "m",
        Numbers("a finite number, or an array of them", exactly=True),
        "overlap or overlaps mu . mu*",
        "give a number or an array of numbers",
    ),
    _of(
        "distances",
        Numbers("a non-negative number, or an array of them", low=0, exactly=True),
        "distance or distances of two components",
        "give the length |mu_1 - mu_2|",
    ),
    _of(
        "start_distances",
        Numbers("positive and finite: a number, or an array of numbers", above=0),
        "distances of the two means",
        "separate the two means: a coincident pair has no repulsion to part it and never splits",
    ),
    _of(
        "cotangents",
        Numbers("finite: a number, or an array of numbers"),
        "cotangents of the angle to the target's axis",
    ),
    _of(
        "cosines",
        Numbers("from -1 to 1: a number, or an array of numbers", low=-1, high=1),
        "cosines of angles",
        "0 is the usual start",
    ),
    _of(
        "c",
        Numbers("non-negative and at most 1e150", low=0, high=1e150),
        "values of the integral of beta",
        "the clock starts at 0 and only grows",
    ),
    _of(
        "T",
        Numbers("a positive finite temperature", above=0, exactly=True, ball=True),
        "temperatures to compare with",
        "use 1 for the target itself",
    ),
    _of(
        "flow_times",
        Numbers("a list of times, finite and non-negative", low=0, axes=1),
        "times of gradient flow to report",
        "for the state at one time t, give [t]",
    ),
    _of(
        "means",
        Numbers("a finite array of shape (K, d)", axes=2),
        "the components' means",
        "give one row for each component",
    ),
    _of(
        "weights",
        Numbers("a list of positive numbers", above=0, axes=1),
        "the components' weights",
        "give one weight for each component",
    ),
    _of(
        "family_weights",
        Numbers("a list of positive numbers", above=0, axes=1),
        "weights of the family's components",
        "give one weight for each component",
    ),
    _of(
        "target_weights",
        Numbers("a list of positive numbers", above=0, axes=1),
        "weights of the target's modes",
        "give one weight for each mode",
    ),
    _of(
        "gram",
        Numbers("finite, a square array of numbers", axes=2),
        "scalar products of all means",
        "it holds inner products; use GramState.from_means",
    ),
    _of("points", Numbers("an array of finite numbers"), "points, one row each", "give one row for each point"),
    _of(
        "beta_now",
        Numbers("an array of numbers above 0 and at most 1", above=0, high=1, axes=1),
        "present inverse temperatures",
        "give one for each replica",
    ),
    _of(
        "log_p",
        Numbers("an array of finite numbers of shape (r, n)", axes=2),
        "log-densities of the target",
        "give one row for each replica",
    ),
    _of(
        "list_of_temperatures",
        Row("a list of temperatures of at least 1", item=Number("at least 1", low=1)),
        "where to give the hot separation",
        "give a list, [10] for one temperature",
    ),
)

_NUMBERS = (
    _of(
        "breakpoints",
        Row("a list of times", item=Number("a finite number")),
        "times at which a temperature is not smooth",
        "give a list, [t] for one time",
    ),
    _of(
        "distance_squared",
        Number("positive and finite", above=0),
        "squared distance of the two means",
        "separate the means: a coincident pair never splits",
    ),
    _of("pair_overlap", _COSINE, "cosine mu_1 . mu_2/R^2 of two means on the sphere", "0 is the usual start"),
    _of("mean_cosine", _COSINE, "cosine of the angle between mu_1 + mu_2 and the axis", "0 is the usual start"),
    _of("threshold_rho", Number("positive: a number or a Ball", above=0, ball=True), "the threshold rho_c"),
    _of("threshold_log_rho", Number("a number or a Ball", ball=True), "the logarithm of the threshold"),
    _of(
        "hot_temperature",
        Number("from 1 to 1e300", low=1, high=10**300),
        "temperature of the loss",
        "a pair colder than 1 merges",
    ),
    _of(
        "rest_temperature",
        Number("from 1 to 1e300", low=1, high=1e300, double=True),
        "temperature of the loss",
        "use 1 for the end of training",
    ),
    _of("loss_temperature", _POSITIVE, "temperature of the loss", "use 1 for no annealing"),
    _of("mixture_variance", _POSITIVE, "common variance of the components", "use 1 for unit components"),
    _of(
        "baseline_heat",
        Number("above 1 and finite", above=1, double=True),
        "temperature at the start",
        "10 is the default",
    ),
    _of("rule_heat", _HEAT, "temperature at the start", "annealing cools down to T = 1"),
    _of(
        "tolerance",
        Number("non-negative and finite", low=0, double=True),
        "temperature above 1 that counts as settled",
        "use 0 for T <= 1 exactly",
    ),
    _of("divergence_tolerance", _POSITIVE, "size of an adaptive step", "0.01 to 1 are usual"),
    _of(
        "ess",
        Number("strictly between 1/samples and 1", above=0, below=1, double=True),
        "relative effective sample size of a step",
        "0.9 to 0.999 are usual; nearer to 1 is slower",
    ),
    _of(
        "rtol",
        Number("between 1e-13 and 0.01", low=1e-13, below=1e-2, double=True),
        "relative error allowed a step",
        "use 1e-10 unless there is a reason not to",
    ),
    _of("step_size", _POSITIVE, "time of gradient flow that one step makes", DEFAULT),
    _of("training_time", _POSITIVE, "longest time of a run", DEFAULT),
    _of("learning_rate", _POSITIVE, "learning rate of the first step", _RATES),
    _of("final_step_size", _POSITIVE, "learning rate of the last step", _RATES),
    _of("gradient_limit", _POSITIVE, "norm that gradients are scaled down to", "leave it out for no limit"),
    _of(
        "falling_share",
        Number("in (0, 1]", above=0, high=1, double=True),
        "share of the steps with a falling rate",
        "1 falls from the first step on",
    ),
    _of("factor", Number("positive and finite", above=0), "old unit of time in new ones", "1 changes nothing"),
    _of("budget", _POSITIVE, "time of gradient flow of each run", "200 is what choose_schedule takes unless given"),
    _of("max_probability", _SHARE, "largest probability of collapse of a design", "0.01 is usual"),
    _of("highest_temperature", _LIMIT, "highest temperature of a design", "100 is the default"),
    _of("base_temperature", _HEAT, "temperature before a pulse", "1 is cheapest, 1.5 stands more noise"),
    _of(
        "separation_interval",
        Row("a list of two positive numbers", item=Number("positive and finite", above=0)),
        "lowest and highest separation of a design",
        "give (low, high)",
    ),
    _of("cooling_share", _SHARE, "share of the budget to cool down in", "0.8 leaves a fifth for settling"),
    _of("most_excess", _SHARE, "share of its value by which noise may raise a probability", "0.1 is the default"),
    _of("false_alarm", _SHARE, "probability that a right theory lies outside", "0.001 is the default"),
    _of("confidence", _SHARE, "coverage of the interval", "0.999 is the default"),
    _of("highest_initial_temperature", _LIMIT, "largest initial temperature", "100 is the default"),
    _of("highest_final_temperature", _LIMIT, "temperature that the last step may have at most", "1.15 is the default"),
    _of(
        "perturbation", Number("non-negative and finite", low=0, double=True), "distance from the identity at the start"
    ),
    _of("log_scale_bound", _POSITIVE, "bound of a coupling's log-scale"),
    _of(
        "most_undecided", Number("from 0 to 1", low=0, high=1, double=True), "share of the runs that may stay undecided"
    ),
    _of("lost_share", _SHARE, "share of its weight, or of the target's spread, below which a mode is lost", DEFAULT),
)

_COUNTS = (
    _of(
        "sphere_dim",
        Whole("an integer from 3 to 1e300", low=3, high=10**300),
        "dimension of the samples",
        "use 3 or more: two means and the axis need three; free means have two dimensions too (GaussianInit)",
    ),
    _of("count", _NATURAL, "number of draws", "give how many to draw"),
    _of("coordinates", _WHOLE, "dimension of the samples", "give the number of coordinates"),
    _of("bias_replicas", _NATURAL, "replicas trained again", "they are the first of the replicas"),
    _of("batch_size", _up_to(2, MOST_NUMBERS // 8), "samples of each component in each step"),
    _of("noise_batch", _up_to(2, 10**15), "samples of each component in each step", "give the batch of the training"),
    _of("record_every", _WHOLE, "steps between two records"),
    _of("record_samples", _up_to(2, MOST_NUMBERS // 8), "samples of a record"),
    _of("threads", _up_to(1, _MOST_THREADS), "threads that work at once"),
    _of("workers", _up_to(1, _MOST_THREADS), "cells worked at at once", "leave it out for one a core"),
    _of("processes", _WHOLE, "processes that work at once", "1 is the default"),
    _of("max_steps", _WHOLE, "steps after which a run stops early"),
    _of("steps", _up_to(1, MOST_STEPS), "optimiser steps"),
    _of("every", _WHOLE, "optimiser steps between two temperatures", "10 steps are usual"),
    _of("samples", _PAIR, "samples that a rule looks at", "1000 samples are usual"),
    _of(
        "annealing_steps",
        _up_to(1, MOST_STEPS),
        "optimiser steps in which the temperature falls to 1",
        "use 200 to 2000, as the paper does",
    ),
    _of(
        "settling_steps",
        Whole("a non-negative integer", low=0, high=MOST_STEPS),
        "optimiser steps at T = 1 after it",
        "use 100, or 0 for none",
    ),
    _of("couplings", _WHOLE, "number of affine couplings"),
    _of(
        "hidden",
        Row("a list of positive integers", item=_WHOLE),
        "widths of the hidden layers",
        "give a list: (64, 64)",
    ),
    _of("evaluation_samples", _up_to(2, MOST_NUMBERS), "samples of the final statistics", "10000 is the default"),
    _of("checkpoint_every", _WHOLE, "steps between two checkpoints", "1000 is the default"),
    _of("collapsed_runs", _NATURAL, "number of runs that collapsed", "it counts some of the replicas"),
    _of("formula_digits", Digits("an integer from 1 to 1000000"), "correct decimal digits"),
)

_CHOICES = (
    _words(
        "probability_method",
        "the route to the probability",
        "exact",
        "large-dim",
        "slow-annealing",
        "leading-order",
        "sharp",
        "closed-form",
        "simulated",
    ),
    _words(
        "threshold_method",
        "the route to the threshold",
        "exact",
        "slow-annealing",
        "leading-order",
        "sharp",
        "closed-form",
    ),
    _words("noisy_method", "the route to the probability with noise", "quantiles", "simulated"),
    _words("passage_end", "where the linear passage ends", "saturation", "annealing"),
    _words("choice_method", "what the search minimises", "quick", "exact"),
    _words(
        "design_family",
        "form of a designed schedule",
        "exponential",
        "exponential-to-one",
        "hold",
        "cold-then-pulse",
        "free",
    ),
    _words("constraint", "whether the means are free or held on the sphere of radius R", "free", "sphere"),
    _words("variance_rule", "what becomes of the variance", "fixed", "follows-temperature", "trained"),
    _words("stepper", "SciPy's method of integration", "LSODA", "DOP853", "Radau"),
    _words("route", "how training is simulated", "reduced", "plain", "exact"),
    _words("gradient", "the estimator of the gradient", "plain", "path"),
    _words("optimiser", "how steps are made", "adam", "sgd"),
    _words("training_clock", "the time that the schedule sees", "steps", "flow"),
    _words("mode_direction", "where mu* points", "first-axis", "diagonal", "random"),
    _words("networks", "whether one network gives shift and log-scale", "joint", "separate"),
    _words("scale_form", "how a log-scale is kept within its bound", "soft-clip", "tanh"),
    _words("verdict", "what tells whether a flow has collapsed", "mode-weight", "spread"),
    _words("dtype", "the type of the numbers", "float32", "float64"),
    _of("device", _TEXT, "name of a torch device", "use 'cpu' or 'cuda'"),
    _of("stop_at", _TEXT, "name of an event that ends the run", "leave it empty to follow the run to its end"),
)

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
    _of("density", Function("a function of samples"), "log-density of the target", "give a callable"),
    _of("function", Function("a function of time"), "the temperature as a function of time", "give a callable"),
)

ARGUMENTS = OBJECTS + FLOW_OBJECTS + _ARRAYS + AXES + _NUMBERS + _COUNTS + _CHOICES + _SWITCHES + RESULTS
"""Every argument that is no letter."""
