"""The arguments of the public functions that are real numbers, one or many, and no letters of the theory."""

from anneal_theory.quantities.arrays import Numbers, Row
from anneal_theory.quantities.domains import Number
from anneal_theory.quantities.objects import DEFAULT
from anneal_theory.quantities.objects import of as _of

_POSITIVE = Number("positive and finite", above=0, double=True)
_SHARE = Number("strictly between 0 and 1", above=0, below=1, double=True)
_COSINE = Number("strictly between -1 and 1", above=-1, below=1)
_HEAT = Number("at least 1 and finite", low=1, double=True)
_LIMIT = Number("at least 1", low=1, double=True, infinite=True)
_RATES = "0.001 is the usual learning rate of Adam"

ARRAYS = (
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

NUMBERS = (
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
    _of("most_excess", _SHARE, "share of its value by which noise may raise a probability", "0.1 is the default"),
    _of("highest_temperature", _LIMIT, "highest temperature of a design", "100 is the default"),
    _of("base_temperature", _HEAT, "temperature before a pulse", "1 is cheapest, 1.5 withstands more noise"),
    _of(
        "separation_interval",
        Row("a list of two positive numbers", item=Number("positive and finite", above=0)),
        "lowest and highest separation of a design",
        "give (low, high)",
    ),
    _of(
        "weight_interval",
        Row(
            "a list of two numbers strictly between 0 and 1", item=Number("strictly between 0 and 1", above=0, below=1)
        ),
        "lowest and highest weight of a design",
        "give (low, high)",
    ),
    _of("cooling_share", _SHARE, "share of the budget to cool down in", "0.8 leaves a fifth for settling"),
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
