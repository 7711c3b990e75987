"""The letters of the theory as plain data, in the order of arguments of the generated functions."""

from fractions import Fraction

from anneal_theory.quantities.arrays import Numbers, ValueList
from anneal_theory.quantities.asymptotic_letters import ASYMPTOTICS, NONNEGATIVE, POSITIVE, REAL, SHARE
from anneal_theory.quantities.average_letters import AUXILIARY, AVERAGES
from anneal_theory.quantities.domains import Digits, Whole, Word
from anneal_theory.quantities.quantity import Quantity as Q
from anneal_theory.quantities.real_domains import Number

LARGEST = 10**100  # of temperatures, times and exponents: products and quotients of two such stay doubles
_LARGEST_TIME = 1e150

VISIBLE = Number("positive and finite", ("positive",), above=0, resolved=True)
SPLIT = Number(
    "strictly between 0 and 1, at least 1e-16 from either end", ("positive",), above=0, below=1, complement=True
)
TEMPERATURE = Number("at least 1", ("positive",), low=1)
FIRST_TEMPERATURE = Number("at least 1 and at most 1e100", ("positive",), low=1, high=LARGEST)
UNIT = Number("positive, from 1e-100 to 1e100", ("positive",), low=Fraction(1, LARGEST), high=LARGEST)
OVERLAPS = Numbers("finite: a number, or an array of numbers", ("real",))
SQUARES = Numbers("finite: a number, or an array of numbers", ("nonnegative",))
LENGTHS = Numbers("a length >= 0, or an array of them", ("nonnegative",), low=0)
DIMENSION = Whole("an integer from 2 to 1e300", ("integer", "positive"), low=2, high=10**300)
COUNT = Whole("a positive integer", ("integer", "positive"), low=1)
INVERSE = Number("above 0 and at most 1", ("positive",), above=0, high=1)
TIMES = Numbers("non-negative and at most 1e150", ("nonnegative",), low=0, high=_LARGEST_TIME)
OBJECTIVE = Word("'tempered-target' or 'free-energy'", choices=("tempered-target", "free-energy"))
METRIC = Word("'euclidean' or 'natural'", choices=("euclidean", "natural"))
SEED = Whole("a non-negative integer", ("integer", "nonnegative"), low=0)

_STATE = (
    Q("mean_1", r"\mu_1", OVERLAPS, "a coordinate of the first mean",
      "give the d coordinates of a mean, or n rows of them"),
    Q("mean_2", r"\mu_2", OVERLAPS, "a coordinate of the second mean",
      "give the d coordinates of a mean, or n rows of them"),
    Q("mode", r"\mu^\star", REAL, "a coordinate of the target's axis mu*"),
    Q("m1", "m_1", OVERLAPS, "overlap mu_1 . mu* of the first mean with the target's axis",
      "give a number or an array of numbers"),
    Q("m2", "m_2", OVERLAPS, "overlap mu_2 . mu* of the second mean with the target's axis",
      "give a number or an array of numbers"),
    Q("s11", "s_{11}", SQUARES, "squared length of the first mean", "give a number or an array of numbers"),
    Q("s12", "s_{12}", OVERLAPS, "scalar product of the two means", "give a number or an array of numbers"),
    Q("s22", "s_{22}", SQUARES, "squared length of the second mean", "give a number or an array of numbers"),
    Q("s", "s", OVERLAPS, "weighted mean w1 m1 + w2 m2 of the two overlaps", "give a number or an array of numbers"),
    Q("delta", r"\delta", OVERLAPS, "difference m1 - m2 of the two overlaps", "give a number or an array of numbers"),
    Q("perp", r"|\Delta_\perp|", LENGTHS, "length of mu_1 - mu_2 across the target's axis",
      "the sign of the alignment belongs to delta"),
    Q("rho", r"\rho", POSITIVE, "cotangent of the angle between mu_1 - mu_2 and the target's axis"),
    Q("log_rho", "x", REAL, "logarithm of rho"),
    Q("log_distance", r"\ell", REAL, "logarithm of the distance of the means"),
    Q("log_across", r"\ell_\perp", REAL, "logarithm of the length of mu_1 - mu_2 across the target's axis"),
    Q("side", r"\varsigma", REAL, "sign of m1 - m2: 1 or -1"),
    Q("cosine", r"\pm c", REAL, "cosine of the angle between mu_1 - mu_2 and the axis, with the sign of m1 - m2"),
    Q("place", "p", REAL, "area tangent of a signed cosine with the axis: the cosine is tanh(p)"),
    Q("cosine_squared", "c^2", SHARE, "squared cosine of the angle between mu_1 - mu_2 and the target's axis"),
    Q("sine_squared", r"\bar c^2", SHARE, "squared sine of the angle between mu_1 - mu_2 and the target's axis"),
    Q("across_square", r"|\Delta_\perp|^2", NONNEGATIVE, "squared length of mu_1 - mu_2 across the target's axis"),
    Q("distance", "D", POSITIVE, "distance of the two means, or of the two points of a label",
      "separate the means: a coincident pair never splits"),
    Q("difference_cosine", "x", REAL, "cosine of the angle between mu_1 - mu_2 and the axis, for means on the sphere"),
    Q("sum_cosine", "y", REAL, "cosine of the angle between mu_1 + mu_2 and the axis, for means on the sphere"),
    Q("overlap_sum", "M", REAL, "sum m1 + m2 of the two overlaps"),
    Q("pair_cosine", "c", REAL, "cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere"),
    Q("angle_1", r"\theta_1", REAL, "angle of the first mean from the target's axis, in a plane that holds all three"),
    Q("angle_2", r"\theta_2", REAL, "angle of the second mean from the target's axis, in that plane"),
    Q("rapidity", r"\vartheta", NONNEGATIVE, "area tangent of minus the pair's cosine: mu_1 . mu_2/R^2 = -tanh of it"),
    Q("centre", "c", REAL, "overlap (m1 + m2)/2 of the centre of the two means"),
    Q("centre_square", "S", NONNEGATIVE, "squared length of the centre (mu_1 + mu_2)/2"),
    Q("cross", "C", REAL, "scalar product of the centre and the difference of the two means"),
    Q("distance_square", "X", POSITIVE, "squared distance of the two means"),
    Q("s0", "s(0)", REAL, "weighted mean overlap at the start", "use 0 for a centre across the target's axis"),
    Q("rho0", r"\rho(0)", POSITIVE, "cotangent of the angle at the start"),
    Q("distance0", "D(0)", POSITIVE, "distance of the two means at the start"),
)  # fmt: skip

_PARAMETERS = (
    Q("separation", "R", VISIBLE, "distance of each mode from the origin, in standard deviations of a mode",
      "give the distance |mu*| of a mode from the origin"),
    Q("weight", r"w^\star", SPLIT, "share of the target's mode at +mu*", "give the share w* at +mu*"),
    Q("half_log_odds", "h", REAL, "half the log-odds of the target's modes, log(w*/(1 - w*))/2"),
    Q("family_weight", "w_1", SPLIT, "share of the family's first component", "use 0.5 for equal weights"),
    Q("second_weight", "w_2", SHARE, "share of the family's second component, 1 - w1"),
    Q("share", "w", SHARE, "share of the first point of a two-point label", "give the weight of one component"),
    Q("share_odds", "c", REAL, "half the log-odds of a two-point label, log(w/(1 - w))/2"),
    Q("component_weight", "w_i", SHARE, "share of the component whose mean moves"),
    Q("dim", "d", DIMENSION, "dimension of the samples", "in one dimension the means cannot pass each other"),
    Q("variance", "v", VISIBLE, "common variance of the components, or of one coordinate of an initial mean",
      "use 1 for unit components; 1/dim is the default of a start"),
    Q("variance_bend", "B", REAL, "d times what the rate of log v in d dimensions has beyond that in large ones"),
    Q("variance_1", "v_1", POSITIVE, "variance of the first component, where each has its own"),
    Q("variance_2", "v_2", POSITIVE, "variance of the second component, where each has its own"),
    Q("initial_variance", "v_0", POSITIVE, "common variance of the components where a stretch of time begins"),
    Q("density_variance", "u", POSITIVE, "variance of a component of a density that is averaged over another one"),
    Q("bias", r"\epsilon", POSITIVE, "half the log-odds of the target in units of R^2, h/R^2"),
    Q("scale", r"\sigma", POSITIVE, "standard deviation of one coordinate of an initial mean"),
    Q("objective", r"\text{objective}", OBJECTIVE, "loss descended: KL(q || p^beta), or T times it",
      "choose one of these"),
    Q("metric", r"\text{metric}", METRIC, "metric of the flow: mobilities Gamma_i = 1, or 1/w_i",
      "choose one of these"),
    Q("beta", r"\beta", INVERSE, "inverse temperature"),
    Q("temperature", "T", FIRST_TEMPERATURE, "temperature of the loss",
      "annealing cools down to T = 1; use 1 for no annealing", example="1"),
    Q("attraction", "a", POSITIVE, "factor of the pull of the target: beta, or 1 for the free energy"),
    Q("repulsion", "b", POSITIVE, "factor of the push of the components: 1, or T for the free energy"),
    Q("mobility_1", r"\Gamma_1", POSITIVE, "mobility of the first mean: 1, or 1/w1 in the natural metric"),
    Q("mobility_2", r"\Gamma_2", POSITIVE, "mobility of the second mean: 1, or 1/w2 in the natural metric"),
    Q("score", r"\chi", REAL, "1 for a gradient with its score term (plain), 0 for one without (path)"),
    Q("spread_square", "S^2", NONNEGATIVE, "mean square of delta over the runs of one start of the others"),
    Q("growth_factor", "a", REAL, "factor by which a small delta grows in a step"),
    Q("noise_variance", "C", NONNEGATIVE, "variance that noise adds to delta in a step"),
    Q("across_variance", "V", NONNEGATIVE, "variance that noise adds to each direction of Delta across the axis"),
    Q("by_alignment", r"p_\rho", REAL, "derivative by log rho of a function that is zero on the separatrix"),
    Q("by_distance", "p_D", REAL, "derivative by log D of a function that is zero on the separatrix"),
    Q("by_centre", "p_s", REAL, "derivative by s of a function that is zero on the separatrix"),
    Q("centre_variance", "C_s", NONNEGATIVE, "variance that noise adds to s in a step"),
    Q("noise_scale", r"\epsilon", POSITIVE, "strength of the noise of training: step size over batch"),
    Q("error_argument", "x", POSITIVE, "critical delta of a start over 2 R sigma"),
    Q("noise_shift", "M", REAL, "by how much noise of strength 1 raises the critical log delta"),
    Q("shift_part", "S", REAL, "a part of what noise of strength 1 raises the critical log u of a start by"),
    Q("centre_blur", "b", NONNEGATIVE, "variance that noise of s gives the critical log delta of a start"),
    Q("zero_growth", "K_u", POSITIVE, "rate at which log rho grows at the unstable zero of s, in the clock"),
    Q("threshold_power", "a", POSITIVE, "power of the distance from the unstable zero of s that the threshold is"),
    Q("noise_width", "W", NONNEGATIVE, "variance that noise of strength 1 gives log delta of a start"),
    Q("aligned_shift", "A", REAL, "the part of M from where the pair is aligned"),
    Q("sum_variance", "W", NONNEGATIVE, "variance that noise adds to each direction of mu_1 + mu_2 across the axis"),
    Q("gap_along", "g_1", REAL, "gap from the other mean to a component's own, along the target's axis"),
    Q("gap_across", "g_2", REAL, "gap from the other mean to a component's own, across the target's axis"),
    Q("axis_cosine", "a", REAL, "cosine m/R^2 of a mean with the axis, of a pair across it"),
    Q("gap_noise_along", "C_1", NONNEGATIVE, "variance that noise adds to mu_1 - mu_2 along the target's axis"),
    Q("gap_noise_aside", "C_2", NONNEGATIVE, "variance that noise adds to mu_1 - mu_2 along itself, across the axis"),
    Q("sum_noise_along", "S_1", NONNEGATIVE, "variance that noise adds to mu_1 + mu_2 along the target's axis"),
    Q("sum_noise_aside", "S_2", NONNEGATIVE, "variance that noise adds to mu_1 + mu_2 along the means' difference"),
    Q("directions", "n", NONNEGATIVE, "number of directions in which noise lengthens"),
    Q("by_difference", "p_x", REAL, "derivative by log x of a function that is zero on the separatrix"),
    Q("by_sum", "p_M", REAL, "derivative by m1 + m2 of a function that is zero on the separatrix"),
    Q("by_cosine", "p_c", REAL, "derivative by the pair's cosine of a function that is zero on the separatrix"),
    Q("difference_variance", "C_{xx}", REAL, "variance that noise of strength 1 adds to log x in a unit of time"),
    Q("difference_with_total", "C_{xM}", REAL, "covariance that it adds to log x and m1 + m2"),
    Q("difference_with_cosine", "C_{xc}", REAL, "covariance that it adds to log x and the pair's cosine"),
    Q("total_variance", "C_{MM}", REAL, "variance that it adds to m1 + m2"),
    Q("total_with_cosine", "C_{Mc}", REAL, "covariance that it adds to m1 + m2 and the pair's cosine"),
    Q("cosine_variance", "C_{cc}", REAL, "variance that it adds to the pair's cosine"),
    Q("difference_drift", "b_x", REAL, "drift that noise of strength 1 gives x, over x"),
    Q("total_drift", "b_M", REAL, "drift that it gives m1 + m2"),
    Q("cosine_drift", "b_c", REAL, "drift that it gives the pair's cosine"),
    Q("difference_push", "a_x", REAL, "velocity of log x in a law that noise of strength 1 moves, but for its slopes"),
    Q("total_push", "a_M", REAL, "velocity of m1 + m2 there"),
    Q("cosine_push", "a_c", REAL, "velocity of the pair's cosine there"),
    Q("law_by_difference", "q_x", REAL, "slope in log x of the logarithm of the density of (x, m1 + m2, c)"),
    Q("law_by_sum", "q_M", REAL, "its slope in m1 + m2"),
    Q("law_by_cosine", "q_c", REAL, "its slope in the pair's cosine"),
)  # fmt: skip

_NO_ANNEALING = "use Constant for no annealing"
_SCHEDULES = (
    Q("t", "t", TIMES, "time of the gradient flow", "start the clock at t = 0"),
    Q("clock", r"\tau", NONNEGATIVE, "clock of the flow, in which the pull of the target has rate 1"),
    Q("elapsed", "x", NONNEGATIVE, "time in units of the schedule's own time"),
    Q("initial_temperature", "T_0", FIRST_TEMPERATURE, "temperature at the start",
      "annealing cools down to T = 1; use 1 for no annealing", example="10"),
    Q("initial_excess", "e_0", NONNEGATIVE, "temperature above 1 at the start, T0 - 1"),
    Q("excess", "e", NONNEGATIVE, "temperature above 1"),
    Q("scaled_clock", "y", NONNEGATIVE, "integral of beta in units of the schedule's own time"),
    Q("cooling_rate", r"\kappa", POSITIVE, "rate at which the logarithm of the temperature falls", "it is log(T0)/t0"),
    Q("threshold", r"\theta", TEMPERATURE, "temperature whose crossing is asked for"),
    Q("decay_time", "t_0", UNIT, "time in which the temperature falls", _NO_ANNEALING, time=True, example="10"),
    Q("duration", "t_0", UNIT, "time after which the temperature is 1", _NO_ANNEALING, time=True, example="10"),
    Q("hold_time", "t_0", UNIT, "time for which the initial temperature is held", _NO_ANNEALING, time=True,
      example="10"),
    Q("exponent", "p", UNIT, "power of the decay", "use 1 for a hyperbola", example="1"),
    Q("times", "t_k", ValueList("a list of finite numbers", ("nonnegative",), item=REAL),
      "increasing times of a table of temperatures", "give one time for each row, the first one 0", time=True,
      example="0,10,20"),
    Q("breakpoints", "t_k", ValueList("a list of finite numbers", ("nonnegative",), item=REAL),
      "times at which the function jumps or has a kink", "give the times in increasing order"),
    Q("temperatures", "T_k", ValueList("a list of positive finite numbers", ("positive",), item=REAL),
      "temperatures at those times", "give one temperature for each row; use 1 for the target itself",
      example="10,3,1"),
    Q("end_time", "t_e", UNIT, "time from which the schedule stays at its last temperature",
      "give a time of gradient flow"),
    Q("line_temperature", "T_k", POSITIVE, "temperature at the end of a line from which the line is read"),
    Q("line_excess", "e_k", REAL, "temperature above 1 at the end of a line from which the line is read"),
    Q("line_time", "w", NONNEGATIVE, "time on a line of a table"),
    Q("line_clock", "c", NONNEGATIVE, "integral of beta over the time on a line of a table"),
    Q("relative_rise", "u", REAL, "by which share of its temperature at one end a line rises"),
    Q("log_rise", "g", REAL, "logarithm of the factor by which the temperature of a line rises"),
)  # fmt: skip

_RUNS = (
    Q("relative_error", r"\varepsilon", Number("between 1e-8 and 0.1", ("positive",), low=1e-8, high=0.1, double=True),
      "relative error asked for", "1e-4 is the default"),
    Q("replicas", "n", COUNT, "number of independent training runs", "count independent runs"),
    Q("seed", r"\text{seed}", SEED, "seed of the random numbers", "0 is the default"),
    Q("digits", r"\text{digits}", Digits("an integer from 1 to 1000000", ("integer", "positive")),
      "correct decimal digits asked for; double precision without it", "ask for one digit or more"),
)  # fmt: skip

LETTERS = _STATE + _PARAMETERS + _SCHEDULES + AVERAGES + AUXILIARY + ASYMPTOTICS + _RUNS
"""Every letter, in the order of arguments."""
