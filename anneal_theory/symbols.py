"""The glossary: every letter of the theory as plain data.

One table feeds the SymPy symbols of the derivations, the argument lists and docstrings of the generated code, the
command line's help and the documentation. The order of the table is the order of arguments in generated functions.
"""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Domain:
    """Where a letter lives.

    Args:
        text: The domain in words that follow "must be".
        assumptions: Names of SymPy assumptions that hold on it.
        choices: The words allowed, for letters that are not numbers.
    """

    text: str
    assumptions: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


REAL = Domain("a real number", ("real",))
NONNEGATIVE = Domain("at least 0", ("nonnegative",))
POSITIVE = Domain("positive and finite", ("positive",))
SHARE = Domain("strictly between 0 and 1", ("positive",))
HEAT = Domain("at least 1", ("positive",))
DIMENSION = Domain("an integer of at least 2", ("integer", "positive"))
COUNT = Domain("a positive integer", ("integer", "positive"))
SEED = Domain("a non-negative integer", ("integer", "nonnegative"))
OBJECTIVE = Domain("'tempered-target' or 'free-energy'", choices=("tempered-target", "free-energy"))
METRIC = Domain("'euclidean' or 'natural'", choices=("euclidean", "natural"))


@dataclass(frozen=True)
class Letter:
    """One letter of the theory.

    Args:
        name: The name in code: argument of generated functions, keyword of the API, option of the command line.
        latex: How it is set in formulas.
        domain: Its values.
        meaning: What it is, as a phrase.
    """

    name: str
    latex: str
    domain: Domain
    meaning: str

    @property
    def help(self) -> str:
        """One line for the command line and for docstrings.

        Example:
            >>> GLOSSARY["separation"].help
            'distance of each mode from the origin, in standard deviations of a mode (positive and finite)'
        """
        return f"{self.meaning} ({self.domain.text})"


_STATE = (
    Letter("mean_1", r"\mu_1", REAL, "a coordinate of the first mean"),
    Letter("mean_2", r"\mu_2", REAL, "a coordinate of the second mean"),
    Letter("mode", r"\mu^\star", REAL, "a coordinate of the target's axis mu*"),
    Letter("m1", "m_1", REAL, "overlap mu_1 . mu* of the first mean with the target's axis"),
    Letter("m2", "m_2", REAL, "overlap mu_2 . mu* of the second mean with the target's axis"),
    Letter("s11", "s_{11}", NONNEGATIVE, "squared length of the first mean"),
    Letter("s12", "s_{12}", REAL, "scalar product of the two means"),
    Letter("s22", "s_{22}", NONNEGATIVE, "squared length of the second mean"),
    Letter("s", "s", REAL, "weighted mean w1 m1 + w2 m2 of the two overlaps"),
    Letter("delta", r"\delta", REAL, "difference m1 - m2 of the two overlaps"),
    Letter("perp", r"|\Delta_\perp|", POSITIVE, "length of mu_1 - mu_2 across the target's axis"),
    Letter("rho", r"\rho", POSITIVE, "cotangent of the angle between mu_1 - mu_2 and the target's axis"),
    Letter("log_rho", "x", REAL, "logarithm of rho"),
    Letter("log_distance", r"\ell", REAL, "logarithm of the distance of the means"),
    Letter("log_across", r"\ell_\perp", REAL, "logarithm of the length of mu_1 - mu_2 across the target's axis"),
    Letter("cosine", r"\pm c", REAL, "cosine of the angle between mu_1 - mu_2 and the axis, with the sign of m1 - m2"),
    Letter("cosine_squared", "c^2", SHARE, "squared cosine of the angle between mu_1 - mu_2 and the target's axis"),
    Letter("sine_squared", r"\bar c^2", SHARE, "squared sine of the angle between mu_1 - mu_2 and the target's axis"),
    Letter("across_square", r"|\Delta_\perp|^2", NONNEGATIVE, "squared length of mu_1 - mu_2 across the target's axis"),
    Letter("distance", "D", POSITIVE, "distance of the two means, or of the two points of a label"),
    Letter("centre", "c", REAL, "overlap (m1 + m2)/2 of the centre of the two means"),
    Letter("centre_square", "S", NONNEGATIVE, "squared length of the centre (mu_1 + mu_2)/2"),
    Letter("cross", "C", REAL, "scalar product of the centre and the difference of the two means"),
    Letter("distance_square", "X", POSITIVE, "squared distance of the two means"),
    Letter("s0", "s(0)", REAL, "weighted mean overlap at the start"),
    Letter("rho0", r"\rho(0)", POSITIVE, "cotangent of the angle at the start"),
    Letter("distance0", "D(0)", POSITIVE, "distance of the two means at the start"),
)

_PARAMETERS = (
    Letter("separation", "R", POSITIVE, "distance of each mode from the origin, in standard deviations of a mode"),
    Letter("weight", r"w^\star", SHARE, "share of the target's mode at +mu*"),
    Letter("half_log_odds", "h", REAL, "half the log-odds of the target's modes, log(w*/(1 - w*))/2"),
    Letter("family_weight", "w_1", SHARE, "share of the family's first component"),
    Letter("second_weight", "w_2", SHARE, "share of the family's second component, 1 - w1"),
    Letter("share", "w", SHARE, "share of the first point of a two-point label"),
    Letter("share_odds", "c", REAL, "half the log-odds of a two-point label, log(w/(1 - w))/2"),
    Letter("component_weight", "w_i", SHARE, "share of the component whose mean moves"),
    Letter("dim", "d", DIMENSION, "dimension of the samples"),
    Letter("variance", "v", POSITIVE, "common variance of the components, or of one coordinate of an initial mean"),
    Letter("scale", r"\sigma", POSITIVE, "standard deviation of one coordinate of an initial mean"),
    Letter("objective", r"\text{objective}", OBJECTIVE, "loss descended: KL(q || p^beta), or T times it"),
    Letter("metric", r"\text{metric}", METRIC, "metric of the flow: P_i = 1, or P_i = 1/w_i"),
    Letter("beta", r"\beta", SHARE, "inverse temperature"),
    Letter("temperature", "T", HEAT, "temperature of the loss"),
    Letter("attraction", "a", POSITIVE, "factor of the pull of the target: beta, or 1 for the free energy"),
    Letter("repulsion", "b", POSITIVE, "factor of the push of the components: 1, or T for the free energy"),
    Letter("mobility_1", "P_1", POSITIVE, "mobility of the first mean: 1, or 1/w1 in the natural metric"),
    Letter("mobility_2", "P_2", POSITIVE, "mobility of the second mean: 1, or 1/w2 in the natural metric"),
)

_SCHEDULES = (
    Letter("t", "t", NONNEGATIVE, "time of the gradient flow"),
    Letter("clock", r"\tau", NONNEGATIVE, "clock of the flow, in which the pull of the target has rate 1"),
    Letter("elapsed", "x", NONNEGATIVE, "time in units of the schedule's own time"),
    Letter("initial_temperature", "T_0", HEAT, "temperature at the start"),
    Letter("initial_excess", "e_0", NONNEGATIVE, "temperature above 1 at the start, T0 - 1"),
    Letter("excess", "e", NONNEGATIVE, "temperature above 1"),
    Letter("scaled_clock", "y", NONNEGATIVE, "integral of beta in units of the schedule's own time"),
    Letter("threshold", r"\theta", HEAT, "temperature whose crossing is asked for"),
    Letter("decay_time", "t_0", POSITIVE, "time in which the temperature falls"),
    Letter("duration", "t_0", POSITIVE, "time after which the temperature is 1"),
    Letter("hold_time", "t_0", POSITIVE, "time for which the initial temperature is held"),
    Letter("exponent", "p", POSITIVE, "power of the decay"),
    Letter("times", "t_k", NONNEGATIVE, "increasing times of a table of temperatures"),
    Letter("temperatures", "T_k", HEAT, "temperatures at those times"),
    Letter("end_time", "t_e", POSITIVE, "time from which a schedule of one's own stays at its last temperature"),
    Letter("left_time", "t_k", NONNEGATIVE, "left end of a piece of a schedule"),
    Letter("right_time", "t_{k+1}", NONNEGATIVE, "right end of a piece of a schedule"),
    Letter("left_temperature", "T_k", POSITIVE, "temperature at the left end of a piece"),
    Letter("right_temperature", "T_{k+1}", POSITIVE, "temperature at the right end of a piece"),
)

_AVERAGES = (
    Letter("psi_1", r"\psi(m_1)", REAL, "mean of the target's mode label under the first component"),
    Letter("psi_2", r"\psi(m_2)", REAL, "mean of the target's mode label under the second component"),
    Letter("psi_prime_1", r"\psi'(m_1)", POSITIVE, "derivative of psi at m1"),
    Letter("psi_prime_2", r"\psi'(m_2)", POSITIVE, "derivative of psi at m2"),
    Letter("psi_prime_plus", r"\psi'(m_+)", POSITIVE, "derivative of psi at the Gauss point next to m1"),
    Letter("psi_prime_minus", r"\psi'(m_-)", POSITIVE, "derivative of psi at the Gauss point next to m2"),
    Letter("psi_second_plus", r"\psi''(m_+)", REAL, "second derivative of psi at the Gauss point next to m1"),
    Letter("psi_second_minus", r"\psi''(m_-)", REAL, "second derivative of psi at the Gauss point next to m2"),
    Letter("psi_s", r"\psi(s)", REAL, "psi at the weighted mean overlap"),
    Letter("psi_prime_s", r"\psi'(s)", POSITIVE, "derivative of psi at the weighted mean overlap"),
    Letter("psi_second_s", r"\psi''(s)", REAL, "second derivative of psi at the weighted mean overlap"),
    Letter("psi_third_s", r"\psi'''(s)", REAL, "third derivative of psi at the weighted mean overlap"),
    Letter("psi_fourth_s", r"\psi''''(s)", REAL, "fourth derivative of psi at the weighted mean overlap"),
    Letter("psi_second_1", r"\psi''(m_1)", REAL, "second derivative of psi at m1"),
    Letter("psi_second_2", r"\psi''(m_2)", REAL, "second derivative of psi at m2"),
    Letter("psi_third_1", r"\psi'''(m_1)", REAL, "third derivative of psi at m1"),
    Letter("psi_third_2", r"\psi'''(m_2)", REAL, "third derivative of psi at m2"),
    Letter("phi_1", r"\phi(m_1)", NONNEGATIVE, "mean of log cosh under the first component"),
    Letter("phi_2", r"\phi(m_2)", NONNEGATIVE, "mean of log cosh under the second component"),
    Letter("overlap", "G", POSITIVE, "overlap G(D) of the two components"),
    Letter("overlap_prime", "G'", REAL, "derivative dG/dD"),
    Letter("overlap_second", "G''", REAL, "second derivative of G in D"),
    Letter("overlap_third", "G'''", REAL, "third derivative of G in D"),
    Letter("overlap_in_square", "G_X", REAL, "derivative of G in X = D^2/4"),
    Letter("information", "I", NONNEGATIVE, "mutual information I(D) of label and observation, in nats"),
    Letter("slope", "K", POSITIVE, "growth rate of log rho, R^2 (psi(m1) - psi(m2))/(m1 - m2)"),
    Letter("slope_1", r"\partial_1 K", REAL, "derivative of the growth rate in m1"),
    Letter("slope_2", r"\partial_2 K", REAL, "derivative of the growth rate in m2"),
    Letter("drift", "f(s)", REAL, "drift -s + R^2 psi(s) of a coincident pair"),
    Letter("drift_2", "f(m_2)", REAL, "drift -m2 + R^2 psi(m2) of a single mean at the second overlap"),
    Letter("drift0", "f(s(0))", REAL, "drift of a coincident pair at the start"),
    Letter("same", r"\delta_{ij}", NONNEGATIVE, "1 for the moving component itself, else 0"),
    Letter("own_share", "A_{ij}", SHARE, "mean responsibility in q of component j under component i"),
    Letter("mode_share", "B_{ik}", SHARE, "mean responsibility in p of mode k under component i"),
    Letter("own_spread", "S^q_i", NONNEGATIVE, "mean under component i of the spread of the means, weighted by r"),
    Letter("mode_spread", "S^p_i", NONNEGATIVE, "mean under component i of the spread of the modes, weighted by r*"),
    Letter("component_loss", "e_i", REAL, "mean of log q - beta log p under component i"),
    Letter("mean_loss", r"\bar e", REAL, "weighted mean of the component losses"),
)

_AUXILIARY = (
    Letter("x", "x", REAL, "a coordinate of a sample"),
    Letter("y", "y", REAL, "an observation of the label"),
    Letter("z", "z", REAL, "a standard normal variable"),
    Letter("u", "u", REAL, "an argument of a hyperbolic function"),
    Letter("k", "k", REAL, "a rate of exponential growth"),
    Letter("label_variance", "q", POSITIVE, "variance w (1 - w) of a two-point label"),
    Letter(
        "hot_separation", "D_T", POSITIVE, "distance at which the push of the components balances, at temperature T"
    ),
)

_ASYMPTOTICS = (
    Letter("escape_rate", r"\kappa^\star", POSITIVE, "growth rate R^2 psi'(s*) of log rho at the collapsed state"),
    Letter("start_rate", r"\kappa_0", POSITIVE, "growth rate R^2 psi'(0) of log rho at overlap zero"),
    Letter("sinh_quotient", r"\alpha", POSITIVE, "sinh(s - s*)/(s - s*), s* the overlap of the collapsed state"),
    Letter("sech_product", r"E_1", POSITIVE, "mean of sech u sech u* at overlaps s and s*"),
    Letter("sech_tanh_product", r"E_2", REAL, "mean of sech u sech u* (tanh u + tanh u*) at overlaps s and s*"),
    Letter("psi_second_rest", r"\psi''(s^\star)", REAL, "second derivative of psi at the collapsed state"),
    Letter("psi_third_start", r"\psi'''(0)", REAL, "third derivative of psi at overlap zero"),
    Letter("gain_exponent", r"\gamma", POSITIVE, "power with which the gain of the transient grows as s(0) -> 0"),
    Letter("gain_constant", r"L", REAL, "constant term of the logarithm of the gain as s(0) -> 0"),
    Letter("threshold_scale", r"B", POSITIVE, "factor B of the threshold rho_c = B |s(0)|^gamma of small overlaps"),
    Letter("absolute_moment", r"\mu_\gamma", POSITIVE, "mean of |z|^gamma for a standard normal z"),
    Letter("lambert", "W", POSITIVE, "Lambert's function of pi T^2/(8 w1 w2)"),
    Letter("fold_depth", "y", POSITIVE, "(m2 + h)/R at the fold of the collapsed pair"),
    Letter("normal_tail", r"\bar\Phi(y)", SHARE, "chance that a standard normal variable exceeds y"),
)

_RUNS = (
    Letter("relative_error", r"\varepsilon", POSITIVE, "relative error asked for"),
    Letter("replicas", "n", COUNT, "number of independent training runs"),
    Letter("seed", r"\text{seed}", SEED, "seed of the random numbers"),
    Letter("digits", r"\text{digits}", COUNT, "correct decimal digits asked for; double precision without it"),
)

GLOSSARY: MappingProxyType[str, Letter] = MappingProxyType(
    {one.name: one for one in _STATE + _PARAMETERS + _SCHEDULES + _AVERAGES + _AUXILIARY + _ASYMPTOTICS + _RUNS}
)
"""Every letter by its name in code, in the order of arguments."""
