"""Calls of `calls` that take microseconds to milliseconds: what problems are made of, averages, constants, results."""

from tests.benchmarks.calls import FLOWS, MIXTURE, SPHERE, SPHERE_START, Call


def _inputs() -> list[Call]:
    return [
        Call("BimodalTarget", "at.BimodalTarget(3, 0.8)"),
        Call("BimodalTarget.log_prob", "target.log_prob(points)", "points = np.ones((1000, 8))"),
        Call("BimodalTarget.sample", "target.sample(1000, 8, rng)", "rng = np.random.default_rng(0)"),
        Call("GaussianMixture", "at.GaussianMixture([[3.0, 0.0], [-3.0, 0.0]], [0.5, 0.5])"),
        Call("GaussianMixture.log_prob", "mixture.log_prob(points)", f"{MIXTURE}; points = np.ones((1000, 2))"),
        Call("GaussianMixture.sample", "mixture.sample(1000, rng)", f"{MIXTURE}; rng = np.random.default_rng(0)"),
        Call("GaussianInit", "at.GaussianInit(128)"),
        Call("SphereInit", "at.SphereInit(512)", new=True),
        Call("Dynamics", 'at.Dynamics("free-energy", "natural", 0.3)'),
        Call("Constant", "at.Constant(2)"),
        Call("Exponential", "at.Exponential(10, 10)"),
        Call("ExponentialToOne", "at.ExponentialToOne(10, 10)"),
        Call("ExponentialToOne, duration", "at.ExponentialToOne(10, duration=10)", new=True),
        Call("Hold", "at.Hold(10, 10)"),
        Call("Linear", "at.Linear(10, 10)"),
        Call("LinearBeta", "at.LinearBeta(10, 10)"),
        Call("Piecewise", "at.Piecewise([0, 2, 6], [4, 2, 1])"),
        Call("Power", "at.Power(10, 10, 2)"),
        Call("from_callable", "at.from_callable(lambda t: 1 + 9 * 2.0**-t, 100)"),
    ]


def _schedules() -> list[Call]:
    made = {
        "Exponential": "at.Exponential(10, 10)", "ExponentialToOne": "at.ExponentialToOne(10, 10)",
        "Piecewise": "at.Piecewise([0, 2, 6], [4, 2, 1])",
    }  # fmt: skip
    asked = {
        "temperature": "times", "excess": "times", "beta": "times", "clock": "times", "inverse_clock": "times",
        "temperature_at_clock": "times", "time_above": "levels", "clock_above": "levels", "highest_after": "times",
    }  # fmt: skip
    rows = []
    for kind, text in made.items():
        for method, array in asked.items():
            rows.append(Call(f"Schedule.{method}, {kind}", f"one.{method}(2.5)", f"one = {text}"))
            if kind == "Exponential":
                rows.append(Call(f"Schedule.{method}, array", f"one.{method}({array})", f"one = {text}"))
    return [
        *rows,
        Call("Schedule.excess_at_clock", "schedule.excess_at_clock(2.5)", new=True),
        Call("Schedule.time_above, 50 digits", 'schedule.time_above("5.5", digits=50)'),
        Call("Schedule.clock_above, certified", 'schedule.clock_above("5.5", digits=50, certified=True)'),
        Call("Schedule.settling_time", "schedule.settling_time(0.01)"),
        Call("Schedule.cells", "schedule.cells(True, 1e-9)", new=True),
        Call("Schedule.rescaled", 'schedule.rescaled("1/4")', new=True),
        Call("Schedule.to_dict", "schedule.to_dict()"),
    ]


def _averages() -> list[Call]:
    rows = []
    for name, where in {"psi": "target", "psi_prime": "target", "phi": "target", "mmse": "0.8"}.items():
        call = f"averages.{name}"
        rows += [
            Call(call, f"{call}(1.25, {where})"),
            Call(f"{call}, array", f"{call}({'abs(many)' if name == 'mmse' else 'many'}, {where})"),
            Call(f"{call}, 15 digits", f'{call}("1.25", {where}, digits=15)'),
            Call(f"{call}, 50 digits", f'{call}("1.25", {where}, digits=50)'),
            Call(f"{call}, 1000 digits", f'{call}("1.25", {where}, digits=1000)'),
            Call(f"{call}, certified", f'{call}("1.25", {where}, digits=50, certified=True)'),
        ]
    rows.append(Call("averages.psi, new target", "averages.psi(1.25, fresh())"))
    return rows


def _asymptotics() -> list[Call]:
    texts = {
        "close_mmse": "(0.1)", "collapsed_state": "(at.BimodalTarget(8, 0.8))", "dimension_exponent": "(even)",
        "far_mmse": "(20)", "fold_distance": "(at.BimodalTarget(100, 0.8))", "gain_exponent": "(even)",
        "hot_separation": "(1e6)", "hot_start_shift": '(target, at.ExponentialToOne(10000, decay_time=10))',
        "large_dim_probability": "(even, 10**6, 0.01)", "log_critical_temperature": "(at.BimodalTarget(100, 0.8))",
        "pairs_below_fold": "(target, 5.5)", "saturated_clock": "(5.58355, 100)", "small_start_gain": "(even, 0.01)",
        "start_rate": "(at.BimodalTarget(20, 0.8))", "warm_separation": "(1.01)",
    }  # fmt: skip
    given = "even = at.BimodalTarget(3, 0.5)"
    return [
        Call(f"asymptotics.{name}", f"at.asymptotics.{name}{text}", given, new=True) for name, text in texts.items()
    ]


def _states() -> list[Call]:
    return [
        Call("FullState", "at.FullState(0.3, -0.2, 1.0, 0.1, 1.2)", FLOWS),
        Call("FullState.from_means", "at.FullState.from_means(*means, target)", FLOWS),
        Call("FullState.rho", "full.rho(target)", FLOWS),
        Call("FullState.reduced", "full.reduced(target)", FLOWS),
        Call("FullState.require_target", "full.require_target(target)", FLOWS),
        Call("GramState", "at.GramState(gram.gram, gram.family_weights, gram.target_weights)", FLOWS),
        Call("GramState.from_means", "at.GramState.from_means(means, mixture)", FLOWS),
        Call("GramState.require_target", "gram.require_target(mixture)", FLOWS),
        Call("ReducedState", "at.ReducedState(0.1, 0.3, 1.2)", FLOWS),
        Call("ReducedState.from_rho", "at.ReducedState.from_rho(0, 0.2, 2**0.5, target)", FLOWS),
        Call("ReducedState.from_means", "at.ReducedState.from_means(*means, target)", FLOWS),
        Call("ReducedState.distance", "start.distance(target)", FLOWS),
        Call("ReducedState.rho", "start.rho(target)", FLOWS),
        Call("ReducedState.overlaps", "start.overlaps()", FLOWS),
        Call("ReducedState.full", "start.full(target)", FLOWS),
        Call("SphereState", "at.SphereState(0.1)", new=True),
        Call("SphereState.from_means", "at.SphereState.from_means(*unit)", "unit = np.eye(2)", new=True),
        Call("SphereState.from_overlaps", "at.SphereState.from_overlaps(1, -1, 0, target)", new=True),
        Call("SphereState.draw", "at.SphereState.draw(ball, 100, np.random.default_rng(0))", SPHERE, new=True),
        Call("SphereState.overlaps", "one.overlaps(target)", SPHERE_START, new=True),
        Call("SphereState.total", "one.total(target)", SPHERE_START, new=True),
    ]


def _constants() -> list[Call]:
    return [
        Call("attractors", "at.attractors(target)"),
        Call("attractors, new target", "at.attractors(fresh())"),
        Call("attractors, warm", "at.attractors(fresh(), temperature=3)"),
        Call("attractors, unequal weights", "at.attractors(fresh(), family_weight=0.4)"),
        Call("attractors, sphere", 'at.attractors(fresh(), constraint="sphere")', new=True),
        Call("collapsed_state", "at.collapsed_state(target)"),
        Call("collapsed_state, new target", "at.collapsed_state(fresh())"),
        Call("collapsed_state, 50 digits", "at.collapsed_state(fresh(), digits=50)"),
        Call("critical_temperature", "at.critical_temperature(target)"),
        Call("critical_temperature, new target", "at.critical_temperature(fresh())"),
        Call("critical_temperature, 50 digits", "at.critical_temperature(fresh(), digits=50)"),
        Call("critical_separation", "at.critical_separation(0.8)"),
        Call("critical_separation, new weight", "at.critical_separation(Fraction(8 * 10**5 + next(numbers), 10**6))"),
        Call("critical_separation, 20 digits", "at.critical_separation(weight(), digits=20)",
             "weight = lambda: Fraction(8 * 10**5 + next(numbers), 10**6)"),
        Call("hot_separation", "at.hot_separation(10)"),
        Call("hot_separation, 50 digits", "at.hot_separation(Fraction(10**7 + next(numbers), 10**6), digits=50)"),
        Call("target_constants", "at.target_constants(target)"),
        Call("target_constants, new target", "at.target_constants(fresh())"),
        Call("transient_gain", "at.transient_gain(target, 0.5)"),
        Call("transient_gain, new target", "at.transient_gain(fresh(), 0.5)"),
        Call("transient_gain, 20 digits", 'at.transient_gain(fresh(), "0.5", digits=20)'),
    ]  # fmt: skip


def _results() -> list[Call]:
    made = {
        "Estimate": "one = at.Estimate(0.25, 1e-5, -1.38, 'exact', -0.28)",
        "Ball": "one = at.averages.psi(1, target, digits=50, certified=True)",
        "Outcomes": "one = at.Outcomes(np.arange(100) % 2 == 0, np.linspace(0, 1, 100), {'m1': np.ones(100)})",
        "Trajectory": f"{FLOWS}one = at.solve_flow(target, schedule, start, np.linspace(0, 10, 100))",
    }
    rows = []
    for name, given in made.items():
        again = f"{given}; data = json.loads(json.dumps(one.to_dict()))"
        rows.append(Call(f"{name}.to_dict", "one.to_dict()", given))
        rows.append(Call(f"{name}.from_dict", f"at.{name}.from_dict(data)", again, new=True))
    return [
        *rows,
        Call("Estimate", "at.Estimate(0.25, 1e-5, -1.38, 'exact', -0.28)"),
        Call("Ball", "at.Ball(one.midpoint, one.radius)", made["Ball"]),
        Call("Outcomes.to_xarray", "one.to_xarray()", made["Outcomes"]),
        Call("Trajectory.to_xarray", "one.to_xarray()", made["Trajectory"]),
    ]


QUICK_CALLS = (
    *_inputs(), *_schedules(), *_averages(), *_asymptotics(), *_states(), *_constants(), *_results(),
)  # fmt: skip
