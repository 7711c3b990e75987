"""The theory map: on which equations of which model each public function rests, and which test asks for it.

`anneal-theory reproduce` writes it into docs/methods.md. The equations are those of the derivations, by their names, or
the text of one that stands in the theory's page; a remainder that is left out here is that of the function's docstring.
"""

import inspect
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anneal_theory as at

DOCS = Path(__file__).resolve().parents[1]
EQUATIONS = DOCS / "derivations" / "_equations"
TOLERANCE, COUNTED = "the stated error", "binomial"


@dataclass(frozen=True)
class Row:
    """One row.

    Args:
        names: The functions, as they are called after `at.`.
        gives: What comes out.
        model: "free", "sphere" or "both"; "flows" for neither.
        kind: "exact", "asymptotic", "heuristic" or "Monte Carlo", or whose it is.
        remainder: Its order, or what the error is; "" for what the docstring says.
        sections: Of the theory.
        equations: Names of derived equations, or LaTeX that stands in one of the sections.
        tests: Files that ask for it by its name.
        method: The function's `method`, where rows differ in it.
    """

    names: str
    gives: str
    model: str
    kind: str
    remainder: str
    sections: tuple[int, ...]
    equations: str
    tests: str
    method: str = ""

    @property
    def functions(self) -> list[str]:
        """The names one by one."""
        return self.names.split()

    @property
    def derived(self) -> list[str]:
        """The names of derived equations."""
        return [] if "$" in self.equations else self.equations.split()

    @property
    def error(self) -> str:
        """The remainder."""
        return self.remainder or remainder_of(self.functions[0])


ROWS = (
    Row("averages.psi averages.phi averages.psi_prime", "the averages; digits, proven balls", "both", "exact",
        TOLERANCE,
        (2,), r"$\psi(m) = \phi'(m) = E\tanh u$", "averages/test_ball_enclosures.py"),
    Row("averages.mmse", "$G$; digits, proven balls", "both", "exact", TOLERANCE, (2,),
        "overlap_average information_slope", "averages/test_double_interface.py"),
    Row("solve_flow solve_flows", "trajectories of training", "free", "exact", "the solver's tolerance", (3, 4),
        "full_flow reduced_log_flow gram_flow", "gradient_flow/test_trajectories.py"),
    Row("solve_flow solve_flows", "the same", "sphere", "exact",
        "the solver's tolerance; $O(1/d)$ of a trained variance without `dim`, else what one for both components leaves"
        " out, $O(1/d)$",
        (11,), "sphere_pair_flow log_variance_flow common_variance_growth constrained_flow sphere_identity",
        "gradient_flow/test_sphere_flow.py gradient_flow/test_variance_in_a_dimension.py"),
    Row("solve_flow", "the same, of unequal weights", "sphere", "exact",
        r"$O(1/d)$ of variances, $O(1/\sqrt d)$ of the push where they part; of a common variance none", (11,),
        "sphere_means_flow label_distance", "gradient_flow/test_sphere_means_flow.py"),
    Row("gradient_flow.responsibilities gradient_flow.loss_gradients",
        "$A_{ij}$ and $B_{ik}$; the loss of any number of components and modes, and its gradients", "free", "exact",
        r"about $10^{-13}$", (3,), "component_loss mean_gradient variance_gradient logit_gradient",
        "gradient_flow/test_responsibilities.py"),
    Row("gradient_flow.basin_boundary", "the overlap that divides the basins of a single mean", "free", "exact",
        TOLERANCE, (4, 6), "single_drift", "gradient_flow/test_pair_flow.py"),
    Row("simulate_flow", "verdicts of many runs, and their statistics at given times", "free", "exact", COUNTED, (3, 5),
        "full_flow", "probability/test_collapse_probability.py"),
    Row("simulate_flow", "the same", "sphere", "exact", COUNTED + "; as of `solve_flows` with `dim`", (11,),
        "sphere_pair_flow common_variance_growth sphere_means_flow", "probability/sphere/test_simulated_runs.py"),
    Row("collapsed_state", r"$s^\star$, $\kappa^\star$; digits, proven balls", "free", "exact", TOLERANCE, (4, 6),
        "single_drift single_drift_slope", "fixed_points/test_certified_roots.py"),
    Row("attractors", "pairs at rest and their loss", "free", "exact", TOLERANCE, (6,), "aligned_rest rest_curve",
        "fixed_points/test_attractors_everywhere.py"),
    Row("attractors", "the same", "sphere", "exact", TOLERANCE, (11,), "plane_flow width_divergence",
        "fixed_points/test_sphere_attractors.py"),
    Row("critical_temperature", "the fold $T_c$; digits, proven balls", "free", "exact", TOLERANCE, (6,),
        "saddle_node fold_conditions", "fixed_points/test_certified_roots.py"),
    Row("critical_separation", "the fold at $T = 1$, $R_c$; digits, proven balls", "free", "exact", TOLERANCE, (6,),
        "critical_separation_system", "fixed_points/test_certified_roots.py"),
    Row("transient_gain", "$C(s_0)$; digits, proven balls", "free", "exact", TOLERANCE, (6,), "gain_integral",
        "fixed_points/test_transient_gain.py"),
    Row("target_constants", "these of one target", "free", "exact", TOLERANCE, (2, 6, 7),
        "single_drift saddle_node gain_integral", "agreement/test_constants_of_training.py"),
    Row("hot_separation", "$D_T$ of a hot pair; digits, proven balls", "free", "exact", TOLERANCE, (6, 7),
        "across_rate",
        "fixed_points/test_certified_roots.py"),
    Row("asymptotics.close_mmse", "$G$ at a small distance", "both", "asymptotic", "", (2,), "overlap_small",
        "derivations/test_asymptotic_orders.py"),
    Row("asymptotics.far_mmse", "$G$ at a large distance", "both", "asymptotic", "", (2, 7), "overlap_large",
        "derivations/test_asymptotic_orders.py"),
    Row("asymptotics.warm_separation", "$D_T$ near $T = 1$", "free", "asymptotic", "", (7,),
        "hot_distance_squared_warm",
        "derivations/test_asymptotic_orders.py"),
    Row("asymptotics.hot_separation", "$D_T$ at high temperature", "free", "asymptotic", "", (7,),
        "hot_distance_lambert", "derivations/test_asymptotic_orders.py"),
    Row("asymptotics.collapsed_state", r"$s^\star$, $\kappa^\star$ at a large separation", "free", "asymptotic", "",
        (7,),
        "escape_rate_large collapsed_overlap_large", "derivations/test_asymptotic_orders.py"),
    Row("asymptotics.log_critical_temperature", r"$\log T_c$ at a large separation", "free", "asymptotic", "", (7,),
        "critical_temperature_large", "derivations/test_asymptotic_orders.py"),
    Row("asymptotics.fold_distance", "the pair at $T_c$ at a large separation", "free", "asymptotic", "", (7,),
        "fold_distance_large", "derivations/test_asymptotic_orders.py"),
    Row("asymptotics.start_rate", r"$\kappa_0$ at a large separation", "free", "asymptotic", "", (7,),
        "start_rate_large", "derivations/test_asymptotic_orders.py"),
    Row("asymptotics.pairs_below_fold", "the pairs that meet at $T_c$", "free", "asymptotic", "", (6,),
        "fold_offset fold_normal_form", "derivations/test_saddle_node.py"),
    Row("asymptotics.saturated_clock", "the hot clock of an infinitely hot start", "free", "asymptotic", "", (6,),
        "saturated_hot_clock", "derivations/test_asymptotic_orders.py"),
    Row("asymptotics.small_start_gain", "$C(s_0)$ at a small start, symmetric target", "free", "asymptotic", "", (6,),
        "gain_small_start", "derivations/test_transient_gain_law.py"),
    Row("asymptotics.gain_exponent asymptotics.dimension_exponent", "powers of $s_0$ and $d$, symmetric target", "free",
        "asymptotic", "the powers are exact", (6,), "gain_exponent dimension_exponent",
        "derivations/test_transient_gain_law.py"),
    Row("asymptotics.large_dim_probability", "P of a symmetric target", "free", "asymptotic", "", (6,),
        "symmetric_probability", "derivations/test_transient_gain_law.py"),
    Row("asymptotics.hot_start_shift", "how $x_c$ tends to that of an infinitely hot start", "sphere", "asymptotic", "",
        (11,), "hot_start_shift lag_factor", "threshold/sphere/test_hot_start.py"),
    Row("collapse_threshold", r"$\rho_c$; digits", "free", "exact", TOLERANCE, (4, 5), "reduced_log_flow",
        "threshold/test_collapse_threshold.py", "exact"),
    Row("collapse_threshold", "$x_c$; digits", "sphere", "exact", TOLERANCE + "; as of `solve_flow`", (5, 11),
        "sphere_pair_flow log_variance_flow common_variance_growth", "probability/sphere/test_sphere_probability.py",
        "exact"),
    Row("collapse_threshold", "both ends in $x$, of unequal weights", "sphere", "exact",
        TOLERANCE + "; as of `solve_flow`", (11,), "sphere_means_flow", "threshold/sphere/test_two_thresholds.py",
        "exact"),
    Row("collapse_threshold", r"$\rho_c$ of slow cooling; digits", "free", "asymptotic",
        r"$O(\kappa^\star\alpha) + O(\rho_c^2)$, and two terms that are known: an estimate", (6,),
        "slow_threshold refined_prefactor drift_of_the_orbit bend_of_the_ramp", "threshold/slow/test_slow_annealing.py",
        "slow-annealing"),
    Row("collapse_threshold", "$x_c$ of a pair that drifts", "sphere", "asymptotic",
        r"relative $O(\sqrt\kappa)$ at a given bias, large $d$", (11,), "log_slow_sphere_threshold",
        "threshold/sphere/test_slow_background.py", "slow-annealing"),
    Row("collapse_threshold", r"$\rho_c$ with $A = 1$; proven balls", "free", "asymptotic",
        r"what $\log A$ is; no error is stated", (6,),
        "slow_threshold", "threshold/slow/test_leading_order.py", "leading-order"),
    Row("collapse_threshold", "$x_c$ of the linear passage; digits", "sphere", "asymptotic",
        r"$O(\epsilon^2)$ at a given rate, and what the push at $T = 1$ adds; large $d$", (11,),
        "linear_passage log_passage_threshold",
        "threshold/sphere/test_linear_passage.py probability/sphere/test_sphere_probability.py", "sharp"),
    Row("collapse_threshold", "the paper's formula", "sphere", "heuristic", "its constant and exponent are not derived",
        (11,), "paper_exponent paper_threshold",
        "threshold/sphere/test_closed_form.py probability/sphere/test_sphere_probability.py", "closed-form"),
    Row("threshold.antipodal_alpha", r"$\alpha = R^2/T$ where a pair stops being held antipodal; digits, proven balls",
        "sphere", "asymptotic", r"the limit of large $R$ itself, to the stated error", (11,),
        "antipodal_surplus stability_constant_of", "threshold/sphere/test_antipodal.py"),
    Row("threshold.antipodal_temperature threshold.sphere_growth_rates",
        "$T_a$ and linear rates of an antipodal pair across the axis; digits, proven balls of the rates", "sphere",
        "exact", TOLERANCE, (11,), "antipodal_growth",
        "threshold/sphere/test_antipodal.py threshold/sphere/test_rates.py"),
    Row("threshold.hot_start_threshold", "$x_c$ of an infinitely hot start", "sphere", "asymptotic",
        "the limit itself, to the stated error", (11,), "sphere_pair_flow lag_factor",
        "threshold/sphere/test_hot_start.py"),
    Row("collapse_probability", "P in every dimension; digits", "free", "exact", TOLERANCE, (4, 5),
        "reduced_log_flow log_cosine_density", "probability/test_collapse_probability.py", "exact"),
    Row("collapse_probability", "the same", "sphere", "exact",
        TOLERANCE + "; of a trained variance as of the threshold with `dim`", (5, 11),
        "sphere_probability common_variance_growth", "probability/sphere/test_sphere_probability.py", "exact"),
    Row("collapse_probability", r"P as $d \to \infty$; digits", "sphere", "asymptotic",
        r"$O(1/d)$ at a given $\sqrt d\,x_c$", (5, 11), "sphere_probability",
        "probability/sphere/test_sphere_probability.py", "large-dim"),
    Row("collapse_probability", r"P as $d \to \infty$; digits", "free", "asymptotic", "$O(1/d)$ at a given P", (5,),
        "log_chance_offset_large log_length_norm_large", "probability/test_large_dim_order.py", "large-dim"),
    Row("collapse_probability", "P of the threshold's formula", "both", "asymptotic", "that of the threshold", (6, 11),
        "slow_threshold log_slow_sphere_threshold", "probability/test_slow_annealing_probability.py", "slow-annealing"),
    Row("collapse_probability", "the same; proven balls", "free", "asymptotic", "that of the threshold", (6,),
        "slow_threshold", "threshold/slow/test_leading_order.py", "leading-order"),
    Row("collapse_probability", "P of the threshold's formula", "sphere", "asymptotic", "that of the threshold", (11,),
        "log_passage_threshold",
        "probability/sphere/test_sphere_limit.py probability/sphere/test_sphere_probability.py", "sharp"),
    Row("collapse_probability", "the paper's formula", "sphere", "heuristic", "that of the threshold", (11,),
        "paper_threshold", "probability/sphere/test_sphere_limit.py probability/sphere/test_sphere_probability.py",
        "closed-form"),
    Row("collapse_probability", "P counted", "both", "exact", COUNTED, (3, 5, 11), "full_flow sphere_pair_flow",
        "probability/test_collapse_probability.py", "simulated"),
    Row("noisy_collapse_probability safe_batch_size", "P with the noise of batch and step", "both", "asymptotic",
        "first order in the noise; the error is all that noise changes", (12,), "noise_across noisy_probability",
        "probability/noisy/test_noisy_probability.py"),
    Row("noisy_collapse_probability", "first order in step/batch", "sphere", "asymptotic",
        r"the second order in the noise, and $O(1/d)$ of a trained variance (in the error)", (12,),
        "sphere_threshold_moves start_slopes beyond_first",
        "probability/noisy/test_sphere_first_order.py probability/noisy/test_sphere_diffusion.py", "leading-order"),
    Row("noisy_collapse_probability noisy_threshold", "first order in step/batch", "free", "asymptotic",
        r"the second order in the noise (in the error); large $d$", (12,), "threshold_moves chance_move shift_bounds",
        "probability/noisy/test_first_order.py", "leading-order"),
    Row("noisy_threshold", "first order in step/batch", "sphere", "asymptotic",
        r"the second order in the noise (in the error); large $d$", (12,), "sphere_threshold_moves sphere_start_spread",
        "probability/noisy/test_sphere_survival.py probability/noisy/test_sphere_first_order.py", "leading-order"),
    Row("alignment_survival", "how long the alignment of a held pair survives noise", "sphere", "asymptotic",
        "small $x$, first order in the noise", (11, 12), "sphere_pair_flow difference_turning",
        "probability/noisy/test_sphere_survival.py probability/noisy/test_sphere_diffusion.py"),
    Row("alignment_survival alignment_after_heat", "how long alignment survives noise", "free", "asymptotic",
        r"small $\rho$", (12,),
        "direction_survival held_noise cold_noise heat_dilution", "probability/noisy/test_survival.py"),
    Row("simulate_noisy_flow", "runs of the reduced stochastic equation", "both", "exact",
        r"Gaussian noise, exact across the axes and where $\delta = 0$", (12,),
        "component_noise_across after_projection", "probability/noisy/test_noisy_probability.py"),
    Row("phase_diagram", "P over two parameters", "both", "exact", "that of each cell", (4, 5, 11),
        "reduced_log_flow sphere_probability", "phase_diagrams/test_phase_diagram.py"),
    Row("sweep plan_sweep rerun_sweep", "theory or training over a grid", "both", "as its function",
        "as its function", (4, 5, 11),
        "reduced_log_flow sphere_probability", "sweeps/test_sweep.py"),
    Row("vectorize", "any function over arrays of what it takes", "both", "as its function", "as its function", (4,),
        "reduced_log_flow", "test_vectorized.py"),
    Row("design_schedule", "the best of a family", "both", "exact", "P is exact, the search numerical", (12,),
        "schedule_hamiltonian", "design/test_design_schedule.py"),
    Row("choose_schedule", "the best exponential", "both", "exact", "P is exact, the search numerical", (5, 11, 12),
        "schedule_hamiltonian sphere_probability", "compare/test_schedule_optimisation.py"),
    Row("least_duration", "the least $t_0$ at a given $T_0$", "both", "exact", "P is exact, the search numerical",
        (5, 11, 12), "sphere_probability", "design/test_least_duration.py"),
    Row("calibrate_training", "step, start and noise of recorded runs", "both", "Monte Carlo", "standard errors",
        (3, 11, 12), "full_flow component_noise", "design/test_calibration.py"),
    Row("calibrate_flow", "the mixture that resembles recorded flows, and how far", "free", "heuristic",
        "standard errors, and a misfit", (3, 4, 12), "full_flow component_noise", "design/test_flow_calibration.py"),
    Row("design.schedule_cost", "what a rare collapse costs in a family", "free", "asymptotic",
        r"$O(1)$ as $L \to \infty$; $O(L^{1/3})$ for exponentials", (12,),
        "alignment_cost exponential_price passage_cost",
        "design/test_law.py"),
    Row("design.singular_temperature", "the temperature of a best schedule on a singular arc", "free", "exact",
        "rounding; the conditions are necessary", (12,), "holding_temperature arc_hamiltonian arc_temperature",
        "design/test_singular_arc.py"),
    Row("train_mixture train_mixture_torch", "training of the mixture", "both", "Monte Carlo",
        "law of the plain steps", (1, 11), r"$\mu_i \leftarrow \mu_i - e\, \nabla_{\mu_i} L$",
        "training/test_undecided.py"),
    Row("train_realnvp paper_recipe", "training of flows", "flows", "Monte Carlo", "no theory", (11,),
        "$T_0^{1 - k/n}$", "training/test_realnvp_paper.py"),
    Row("train_flow", "a flow and a log-density of yours in the same loop", "flows", "Monte Carlo", "no theory", (1,),
        r"$L = E_q\log q - \beta E_q\log p$", "training/test_user_flow.py"),
    Row("compare_training compare_baselines", "training beside the theory", "both", "exact, Monte Carlo", "of both",
        (4, 5, 11), "reduced_log_flow sphere_probability", "training/test_undecided.py"),
    Row("compare.flows_beside", "gradient flow from the starts of recorded trainings", "both", "exact",
        "as of `solve_flows`", (3, 11), "full_flow sphere_pair_flow", "compare/test_trajectories.py"),
    Row("compare.compare_flow_baselines compare.time_per_step",
        "ways to anneal for flows, and the time of a mixture's flow that one of their steps makes", "flows",
        "heuristic", "the clock is where both reach half of the collapsed overlap", (4, 10), "centre_flow",
        "compare/test_realnvp_baselines.py"),
    Row("from_callable", "a schedule of yours", "both", "exact", "followed where it is called", (8,),
        r"$\int\beta\,dt$",
        "schedules/test_callable_schedule.py"),
)  # fmt: skip

# Public functions that rest on no equation of the theory, or modules of such, with the reason.
WITHOUT = {
    "compare.compare": "a count beside a probability that is given: the exact binomial interval of Clopper and Pearson",
    "compare.interval": "that interval, widened by what undecided runs could have done",
    "gallery": "computes what a figure shows by the functions above, and draws it",
    "plots": "draws numbers that are given",
    "report": "computes by the functions above, and writes a page",
    "training.load_flow": "reads a trained flow from its file",
}


def is_without(name: str) -> bool:
    """Whether a function, or the module that it is of, has no equation."""
    return name in WITHOUT or name.partition(".")[0] in WITHOUT


def found(name: str) -> Any:
    """The function of that name; one that has no public name by its module."""
    home, _, last = name.rpartition(".")
    from importlib import import_module

    return getattr(import_module(f"anneal_theory.{home}") if home else at, last)


def remainder_of(name: str) -> str:
    """What the docstring of a function says of its remainder."""
    text = inspect.getdoc(found(name)) or ""
    told = re.search(r"^Remainder: (.*?)$\n\n", text, re.MULTILINE | re.DOTALL)
    return " ".join(told[1].split()).rstrip(".").replace("``", "`").replace("*", r"\*") if told else ""


def page_of(equation: str) -> str:
    """The derivation's page that an equation stands on."""
    text = (EQUATIONS / f"{equation}.md").read_text("utf-8").strip()
    return next(page.stem for page in sorted(EQUATIONS.parent.glob("*.md")) if text in page.read_text("utf-8"))
