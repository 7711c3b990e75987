"""Letters of the asymptotic formulas: limits, the slow passage, and the linear passage on the sphere."""

from anneal_theory.quantities.domains import Number
from anneal_theory.quantities.quantity import Quantity as Q

REAL = Number("a finite number", ("real",))
NONNEGATIVE = Number("at least 0", ("nonnegative",), low=0)
POSITIVE = Number("positive and finite", ("positive",), above=0)
SHARE = Number("strictly between 0 and 1", ("positive",), above=0, below=1)

ASYMPTOTICS = (
    Q("escape_rate", r"\kappa^\star", POSITIVE, "growth rate R^2 psi'(s*) of log rho at the collapsed state"),
    Q("start_rate", r"\kappa_0", POSITIVE, "growth rate R^2 psi'(0) of log rho at overlap zero"),
    Q("sinh_quotient", r"\alpha", POSITIVE, "sinh(s - s*)/(s - s*), s* the overlap of the collapsed state"),
    Q("sech_product", r"E_1", POSITIVE, "mean of sech u sech u* at overlaps s and s*"),
    Q("sech_tanh_product", r"E_2", REAL, "mean of sech u sech u* (tanh u + tanh u*) at overlaps s and s*"),
    Q("psi_second_rest", r"\psi''(s^\star)", REAL, "second derivative of psi at the collapsed state"),
    Q("psi_third_start", r"\psi'''(0)", REAL, "third derivative of psi at overlap zero"),
    Q("gain_exponent", r"\gamma", POSITIVE, "power with which the gain of the transient grows as s(0) -> 0"),
    Q("gain_constant", r"L", REAL, "constant term of the logarithm of the gain as s(0) -> 0"),
    Q("threshold_scale", r"B", POSITIVE, "factor B of the threshold rho_c = B |s(0)|^gamma of small overlaps"),
    Q("absolute_moment", r"\mu_\gamma", POSITIVE, "mean of |z|^gamma for a standard normal z"),
    Q("moment_gamma", r"\Gamma(\tfrac{\gamma + 1}{2})", POSITIVE, "Gamma function of half of the power plus one"),
    Q("cotangent_squared", r"\rho^2", POSITIVE, "squared cotangent of an angle with the axis"),
    Q("log_cosine", r"\log c", REAL, "logarithm of the cosine of an angle with the axis"),
    Q("half_freedom", "a", POSITIVE, "half of the dimensions across the axis, (d - 1)/2"),
    Q("log_gamma", r"\log\Gamma(a)", REAL, "logarithm of the Gamma function of half of the dimensions across the axis"),
    Q("log_gamma_ratio", r"\log\frac{\Gamma(a + 1/2)}{\Gamma(a)}", REAL, "logarithm of Gamma(a + 1/2)/Gamma(a)"),
    Q("log_norm", r"\log p(0)", REAL, "logarithm of the largest value of a density"),
    Q("stretch", "u", REAL, "logarithm of a length over the most probable one"),
    Q("lambert", "W", POSITIVE, "Lambert's function of pi T^2/(8 w1 w2)"),
    Q("stability_constant", r"\alpha", POSITIVE, "R^2/T where the antipodal pair on the sphere loses its stability"),
    Q("cold", "q", POSITIVE, "R over the square root of the temperature"),
    Q("log_growth", r"\Lambda", NONNEGATIVE, "integral of the growth rate of x since the start"),
    Q("turn", "A", NONNEGATIVE, "integral of the push on the sum of the overlaps since the start"),
    Q("log_growth_left", r"\Lambda(t) - \Lambda", NONNEGATIVE, "integral of the growth rate of x until the end"),
    Q("turn_left", "A(t) - A", NONNEGATIVE, "integral of the push on the sum of the overlaps until the end"),
    Q("turning_rate", r"\lambda", POSITIVE, "growth rate of x on the linear passage"),
    Q("passage_integral", "Q", NONNEGATIVE, "integral of the linear passage, with the push until its end"),
    Q("tail_integral", r"\int_q^\infty G(2p)/p\,dp", NONNEGATIVE, "integral of G(2p)/p from q on"),
    Q("hot_exponent", "I", REAL, "growth of log x until the antipodal pair loses its stability"),
    Q("bend", r"\phi''", POSITIVE, "slope in time of the growth rate of the sum of the overlaps, at its zero"),
    Q(
        "surplus_slope",
        r"\partial_q(\lambda - 2g)",
        POSITIVE,
        "derivative by q of the growth rate at the antipodal pair",
    ),
    Q("fold_depth", "y", POSITIVE, "(m2 + h)/R at the fold of the collapsed pair"),
    Q("passage_drive", "a c", POSITIVE, "product of the coefficients a and c of the normal form of the passage"),
    Q(
        "passage_tilt",
        "b",
        POSITIVE,
        "coefficient b of the normal form of the passage: how far the axis tilts the fold",
    ),
    Q("passage_cubic", r"\frac{a_3}{a^2}", REAL, "cubic coefficient of the normal form, over the square of a"),
    Q("passage_warming", r"\frac{c_1}{a c}", REAL, "coefficient of y (T - T_c) in the normal form, over a c"),
    Q("passage_growth", "K_c", POSITIVE, "growth rate of log rho at the fold of the collapsed pair"),
    Q("airy_zero", "|z_0|", POSITIVE, "size of the first zero of Airy's function"),
    Q("airy_constant", "B_0", REAL, "constant of the integral of the cubic term along Airy's function"),
    Q("ramp_rate", "r", POSITIVE, "rate at which the temperature falls per unit of the clock at T_c"),
    Q("ramp_bend", r"\frac{q}{r}", REAL, "second derivative of the temperature by the clock at T_c, over its rate r"),
    Q("ramp_scale", r"\alpha", POSITIVE, "inverse time (a c r)^(1/3) of the passage on the ramp"),
    Q("orbit_offset", "X", REAL, "log rho far back on the orbit at T_c, extrapolated to its zero of time"),
    Q("passage_time", r"\tau_c", REAL, "clock from the orbit's zero of time until T_c is reached"),
    Q("wall_sensitivity", r"S(x_w)", REAL, "derivative of the orbit's clock at the wall by the temperature"),
    Q(
        "orbit_sensitivity",
        r"\left(\int S\,d\tau\right)",
        REAL,
        "integral of such derivatives along the orbit",
    ),
    Q("hot_clock", r"\tau_\mathrm{hot}", NONNEGATIVE, "clock that a schedule spends above T_c"),
    Q("log_gain", r"\log C", REAL, "logarithm of the gain C(s(0)) of the transient"),
    Q("log_prefactor", r"\log A", REAL, "logarithm of the prefactor of the threshold of slow annealing"),
    Q("normal_tail", r"\bar\Phi(y)", SHARE, "chance that a standard normal variable exceeds y"),
)
