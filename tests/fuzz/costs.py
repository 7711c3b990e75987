"""What is drawn for costly functions, so that a legal call takes a second or two, and how often they are called."""

from tests.fuzz.objects import FULL, GRAM, MIXTURE, SPHERE

_DIMS = ("2", "8, 1.5", "64", "64, 0.05", "1000", "10**6", "10**9", "10**12", "10**300")
_PAIRS = (
    "3, 0.8",
    "2.5, 0.6",
    "2.2, 0.95",
    "'4', 0.3",
    "1.3, 0.8",
    "2, '1/2'",
    "5, 0.9",
    "0.5, 0.5",
    "0.3, 0.9",
    "6, 0.5",
)
_HOT = "at.LinearBeta(1e4, 60)"
_TARGETS = tuple(f"at.BimodalTarget({one})" for one in _PAIRS)
_LAWS = (*(f"at.GaussianInit({one})" for one in _DIMS), "at.SphereInit(64)", "at.SphereInit(512)")

_NOISY: dict[str, tuple[str, ...]] = {
    "target": ("at.BimodalTarget(3, 0.8)", "at.BimodalTarget(2.6, 0.5)", "at.BimodalTarget(1, 0.8)"),
    "schedule": ("at.Constant(1)", "at.Hold(8, 20)", "at.Exponential(5, '1/2')"),
    "init": ("at.GaussianInit(64)", "at.GaussianInit(128)"),
    "step_size": ("0.2", "'1/5'", "1"),
    "family_weight": ("0.5", "0.3"),
}

# Where the formulas of slow annealing have an answer.
_SLOW: dict[str, tuple[str, ...]] = {
    "target": ("at.BimodalTarget(3, 0.8)", "at.BimodalTarget('2.6', 0.6)", "at.BimodalTarget(3.2, Fraction(2, 3))"),
    "schedule": ("at.Exponential(30, 3000)", "at.Exponential('20', 500)", "at.LinearBeta(25, 2000)"),
    "init": ("at.GaussianInit(64)", "at.GaussianInit(3, 0.5)", "at.GaussianInit(10**6)"),
    "dynamics": ("at.Dynamics()", "at.Dynamics('free-energy')", "at.Dynamics(metric='natural')"),
    "s0": ("0", "0.5", "'-1/10'"),
}

_SWEPT: dict[str, tuple[str, ...]] = {
    "kind": ("'threshold'",),
    "target": ("at.BimodalTarget(3, 0.8)", "at.BimodalTarget(2.6, 0.5)"),
    "schedule": ("at.Constant(1)", "at.Exponential(5, '1/2')"),
    "init": ("None",),
    "store": ("None",),  # two calls would write to one
    "scheduler": ("None",),
    "workers": ("1",),
    "allow_slow": ("False",),
}

# What is drawn for costly functions, so that a legal call takes a second at most; by argument.
CHEAP: dict[str, dict[str, tuple[str, ...]]] = {
    "train_realnvp": {
        "dim": ("2", "3"),
        "steps": ("1", "5"),
        "batch_size": ("2", "8"),
        "couplings": ("1", "2"),
        "hidden": ("(3,)", "[4, 4]", "()"),
        "evaluation_samples": ("2", "20"),
        "compiled": ("False",),
        "record_samples": ("2", "5"),
        "highest_final_temperature": ("float('inf')",),
    },
    "train_flow": {
        "log_prob": ("(lambda x: -0.5 * (x**2).sum(1))", "(lambda x: x.sum())", "(lambda x: x.detach()[:, 0])"),
        "steps": ("1", "5"),
        "batch_size": ("2", "8"),
        "modes": ("[[1, 1], [-1, -1]]", "np.zeros((1, 2))", "[[1.0]]"),
        "target_weights": ("[0.8, 0.2]", "[1]"),
        "reference_samples": ("np.ones((5, 2))", "[[1, 2, 3]]"),
        "evaluation_samples": ("2", "20"),
        "record_samples": ("2", "5"),
        "highest_final_temperature": ("float('inf')",),
    },
    "train_mixture": {
        "target": (*_TARGETS[:4], "at.BimodalTarget(8, 1e-3)", MIXTURE),
        "schedule": ("at.Constant(1)", "at.Exponential(5, '1/2')", "AdaAnn(5, 0.4, samples=20)", _HOT),
        "init": ("at.GaussianInit(4)", "at.GaussianInit(2)", "at.SphereInit(3)", "at.SphereInit(8)"),
        "end_time": ("0.5", "3", "'2.5'", "30"),
        "highest_final_temperature": ("float('inf')", "1.15", "1"),
        "threads": ("1", "2"),
    },
    "train_mixture_torch": {
        "schedule": ("at.Constant(1)", "at.Exponential(5, '1/2')", _HOT),
        "init": ("at.GaussianInit(4)", "at.GaussianInit(2)", "at.SphereInit(3)"),
        "end_time": ("0.5", "3", "30"),
        "highest_final_temperature": ("float('inf')", "1.15", "1"),
    },
    "compare_training": {
        "init": ("at.GaussianInit(4)", "at.GaussianInit(64)", "at.SphereInit(8)"),
        "replicas": ("1", "7"),
        "theory": ("at.Estimate(0.3, 1e-4, -1.2, 'exact', -0.36)",),
        "route": ("'reduced'", "'exact'"),
        "end_time": ("3",),
        "highest_final_temperature": ("float('inf')",),
    },
    "compare_baselines": {
        "target": ("at.BimodalTarget(3, 0.8)", "at.BimodalTarget(2.6, 0.5)"),
        "init": ("at.GaussianInit(4)", "at.GaussianInit(64)"),
        "budget": ("20", "30.0"),
        "replicas": ("1", "3"),
        "step_size": ("0.2", "0.5"),
        "family_weight": ("0.5",),
    },
    "choose_schedule": {
        "target": ("at.BimodalTarget(3, 0.8)", "at.BimodalTarget(2.6, 0.5)", "at.BimodalTarget(1, 0.8)"),
        "init": ("at.GaussianInit(16)", "at.GaussianInit(64)", "at.SphereInit(16)"),
        "method": ("'quick'",),
        "relative_error": ("0.01", "0.1"),
    },
    "design_schedule": {
        "target": ("at.BimodalTarget(3, 0.8)", "at.BimodalTarget(2.6, 0.5)", "at.BimodalTarget(1, 0.8)"),
        "init": ("at.GaussianInit(64)", "at.SphereInit(64)"),
        "budget": ("5", "20.0"),
        "max_probability": ("0.9", "0.995"),
        "separations": ("(2.5, 3)",),
        "weights": ("(0.5, 0.8)",),
        "relative_error": ("0.1",),
        "batch_size": ("100",),
        "step_size": ("0.2",),
    },
    "least_duration": {
        "target": ("at.BimodalTarget(3, 0.8)", "at.BimodalTarget(2.6, 0.5)"),
        "init": ("at.GaussianInit(64)", "at.SphereInit(64)"),
        "initial_temperature": ("30", "90.0"),
        "max_probability": ("0.9", "0.995"),
        "relative_error": ("0.1",),
    },
    "noisy_collapse_probability": _NOISY | {"replicas": ("7",)},
    "simulate_noisy_flow": _NOISY | {"replicas": ("1", "7")},
    "safe_batch_size": _NOISY,
    "noisy_threshold": _NOISY,
    "collapse_probability": {
        "digits": ("1", "2", "5"),
        "method": ("'exact'", "'exact'", "'large-dim'", "'slow-annealing'", "'leading-order'", "'simulated'"),
        "processes": ("1",),
        "replicas": ("16", "50"),
        "allow_slow": ("False",),
        "relative_error": ("0.1", "0.01", "'1e-3'"),
        "init": _LAWS,
        "target": _TARGETS,
    },
    "phase_diagram": {
        "method": ("'leading-order'", "'leading-order'", "'large-dim'", "'simulated'"),
        "relative_error": ("0.1",),
        "replicas": ("4",),
        "initial_temperatures": ("[10]", "[3, '20']", "np.array([8.0, 30.0])", "(5, Fraction(60))"),
        "decay_times": ("[100]", "['1/2', 300]", "np.geomspace(10, 1000, 2)"),
        "init": _LAWS,
        "target": _TARGETS,
    },
    "sweep": _SWEPT,
    "plan_sweep": _SWEPT,
    "rerun_sweep": {"store": ("FOLDER + '/none'",), "workers": ("1",)},
    "Piecewise": {
        "times": ("[0, 10, 20]", "np.array([0.0, 0.5, 30.0])", "(0, '1/3', 4)"),
        "temperatures": ("[10, 2, 1]", "np.array([2.0, 9.0, 1.0])", "(Fraction(3), '2.5', 1)"),
    },
    "probability.slow.slow_annealing:slow_probability": _SLOW | {"digits": ("5", "20"), "allow_slow": ("False",)},
    "threshold.slow.slow_annealing:slow_estimate": _SLOW | {"digits": ("5", "20"), "allow_slow": ("False",)},
    "threshold.slow.leading_order:leading_threshold": _SLOW | {"digits": ("5", "20")},
    "probability.slow.leading_order:leading_probability": _SLOW | {"digits": ("5", "20")},
    "training.realnvp:RealNVP": {"dim": ("2", "3", "8")},
    "simulate_flow": {
        "dynamics": ("at.Dynamics()", "at.Dynamics(constraint='sphere', variance='trained')"),
        "replicas": ("1", "7"),
        "times": ("[0, 10]", "[3.5]"),
    },
    "collapse_threshold": {"digits": ("2", "5", "8"), "allow_slow": ("False",)},
    "solve_flow": {
        "max_steps": ("100", "2000"),
        "target": ("at.BimodalTarget(3, 0.8)", "at.BimodalTarget(2, 0.5)", "at.BimodalTarget(8, 0.999)"),
        "start": ("at.ReducedState(0.1, 0.3, 1.2)", "at.FullState(0.3, -0.2, 1.0, 0.1, 2.0)", GRAM, *SPHERE[1:3]),
        "family_weight": ("0.5", "'1/2'"),
    },
    "solve_flows": {
        "max_steps": ("100", "2000"),
        "target": ("at.BimodalTarget(3, 0.8)", "at.BimodalTarget(2, 0.5)"),
        "starts": ("at.ReducedState([0.0, 0.5], [0.2, -0.1], [1.0, 2.0])", FULL[-1], SPHERE[-1]),
        "family_weight": ("0.5",),
    },
}
# Arguments that a legal call always has, so that it stays cheap (and `steps` stays few).
ALWAYS: dict[str, tuple[str, ...]] = {
    "train_realnvp": (
        "dim",
        "replicas",
        "steps",
        "batch_size",
        "couplings",
        "hidden",
        "evaluation_samples",
        "record_samples",
        "highest_final_temperature",
    ),
    "train_flow": ("steps", "batch_size", "evaluation_samples", "record_samples", "highest_final_temperature"),
    "train_mixture": ("replicas", "batch_size", "step_size", "end_time", "highest_final_temperature"),
    "train_mixture_torch": ("replicas", "batch_size", "step_size", "end_time", "highest_final_temperature"),
    "compare_training": ("replicas", "batch_size", "step_size", "theory", "end_time", "highest_final_temperature"),
    "compare_baselines": ("budget", "replicas", "batch_size", "step_size"),
    "choose_schedule": ("relative_error",),
    "design_schedule": ("relative_error",),
    "least_duration": ("relative_error",),
    "noisy_collapse_probability": ("step_size",),
    "simulate_noisy_flow": ("step_size", "replicas"),
    "safe_batch_size": ("step_size",),
    "solve_flow": ("max_steps",),
    "solve_flows": ("max_steps",),
    "collapse_probability": ("relative_error", "method", "replicas"),
    "phase_diagram": ("initial_temperatures", "decay_times", "method"),
    "sweep": ("workers",),
    "plan_sweep": ("workers",),
    "rerun_sweep": ("workers",),
}
# How often a function is called, where it is not once in a turn.
SHARES: dict[str, float] = {
    "safe_batch_size": 0.1,
    "noisy_collapse_probability": 0.5,
    "compare_baselines": 0.05,
    "choose_schedule": 0.05,
    "design_schedule": 0.05,
    "least_duration": 0.05,
    "compare_training": 0.5,
    "train_realnvp": 0.4,
    "phase_diagram": 0.5,
    "sweep": 0.5,
    "plan_sweep": 0.2,
    "rerun_sweep": 0.2,
    "collapse_probability": 2,
    "collapse_threshold": 3,
    "solve_flow": 3,
    "solve_flows": 2,
    "train_mixture": 2,
    "Schedule.time_above": 2,
    "Schedule.clock_above": 2,
    "transient_gain": 2,
    "attractors": 2,
}
LEGAL_SHARES = {
    "compare_baselines": 0.1,
    "choose_schedule": 0.1,
    "design_schedule": 0.1,
    "least_duration": 0.1,
    "train_realnvp": 0.3,
}  # share of legal calls

_WORK = ("checkpoint", "progress", "processes")
UNUSED = {
    "'exact'": ("s0", "certified", "replicas", "seed", "digits", *_WORK),
    "'large-dim'": ("s0", "certified", "replicas", "seed", "digits", *_WORK),
    "'slow-annealing'": ("s0", "certified", "replicas", "seed", "relative_error", *_WORK),
    "'leading-order'": ("replicas", "seed", "relative_error", *_WORK),
    "'simulated'": ("s0", "certified", "relative_error", "digits", *_WORK),
}
"""Arguments that a method of `collapse_probability` refuses: drawn with it now and then only."""
