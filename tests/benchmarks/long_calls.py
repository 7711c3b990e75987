"""Calls of `calls` that take milliseconds to seconds: flows, thresholds, probabilities, designs and training."""

from tests.benchmarks.calls import FLOWS, SPHERE, SPHERE_START, Call

_AXES = '{"initial_temperature": [5, 20]}'


def _flows() -> list[Call]:
    until = "[0, 10, 100]"
    rules = 'at.Dynamics("tempered-target", "euclidean", 0.5)'
    return [
        Call("solve_flow, reduced", f"at.solve_flow(target, schedule, start, {until})", FLOWS),
        Call("solve_flow, full", f"at.solve_flow(target, schedule, full, {until})", FLOWS),
        Call("solve_flow, mixture", f"at.solve_flow(mixture, schedule, gram, {until})", FLOWS),
        Call("solve_flow, Radau", f'at.solve_flow(target, schedule, start, {until}, method="Radau")', FLOWS),
        Call("solve_flow, sphere", f"at.solve_flow(target, to_one, one, {until}, **paper)", SPHERE_START, new=True),
        Call("solve_flows", f"at.solve_flows(target, schedule, starts, {until})", FLOWS),
        Call("solve_flows, sphere", f"at.solve_flows(target, to_one, more, {until}, **paper)", SPHERE_START, new=True),
        Call("simulate_flow", f"at.simulate_flow(target, schedule, init, {rules}, 200, 0)", FLOWS),
        Call("simulate_noisy_flow",
             "at.simulate_noisy_flow(target, schedule, init, batch_size=1000, replicas=20)", new=True),
    ]  # fmt: skip


def _thresholds() -> list[Call]:
    def slow(name: str, options: str) -> Call:
        text = f"at.collapse_threshold(fresh(), slowly{options})"
        return Call(f"collapse_threshold, {name}", text, "slowly = at.Exponential(10, 100)")

    return [
        Call("collapse_threshold", "at.collapse_threshold(target, schedule)"),
        Call("collapse_threshold, new target", "at.collapse_threshold(fresh(), schedule)"),
        Call("collapse_threshold, natural metric", 'at.collapse_threshold(fresh(), schedule, metric="natural")'),
        Call("collapse_threshold, 10 digits", "at.collapse_threshold(fresh(), schedule, digits=10)"),
        Call("collapse_threshold, sphere", "at.collapse_threshold(fresh(), to_one, **paper)", SPHERE, new=True),
        slow("slow annealing", ', method="slow-annealing"'),
        slow("slow annealing to 20 digits", ', method="slow-annealing", digits=20'),
        Call("collapse_threshold, leading order", 'at.collapse_threshold(fresh(), slowly, method="leading-order")',
             "slowly = at.Exponential(10, 100)", earlier="at.leading_threshold(fresh(), slowly)"),
    ]  # fmt: skip


def _probabilities() -> list[Call]:
    def asked(name: str, options: str) -> Call:
        return Call(f"collapse_probability, {name}", f"at.collapse_probability(fresh(), schedule, init{options})")

    noisy = "(target, schedule, init, batch_size=1000"
    return [
        Call("collapse_probability", "at.collapse_probability(target, schedule, init)"),
        asked("new target", ""),
        asked("error 1e-3", ", relative_error=1e-3"),
        asked("error 1e-6", ", relative_error=1e-6"),
        asked("large dim", ', method="large-dim"'),
        asked("unequal weights", ", family_weight=0.4, replicas=1024"),
        asked("slow annealing", ', method="slow-annealing"'),
        asked("simulated", ', method="simulated", replicas=200'),
        Call("collapse_probability, leading order",
             'at.collapse_probability(fresh(), slowly, init, method="leading-order")',
             "slowly = at.Exponential(10, 100)", earlier="at.probability_at(fresh(), slowly, 128)"),
        Call("collapse_probability, sphere",
             "at.collapse_probability(fresh(), to_one, ball, **paper)", SPHERE, new=True),
        Call("noisy_collapse_probability", f"at.noisy_collapse_probability{noisy})", new=True),
        Call("safe_batch_size", "at.safe_batch_size(target, schedule, init)", new=True),
        Call("noisy_threshold", "at.noisy_threshold(target, schedule, dim=128, batch_size=1000)", new=True),
        Call("alignment_survival", "at.alignment_survival(target, 2, dim=128, batch_size=1000)", new=True),
        Call("alignment_after_heat", "at.alignment_after_heat(100, 8, dim=128, batch_size=1000)", new=True),
        Call("phase_diagram",
             "at.phase_diagram(target, init, initial_temperatures=[5, 20], decay_times=[5, 20])", new=True),
        Call("plan_sweep", f'at.plan_sweep("probability", {_AXES}, target, schedule, init)', new=True),
        Call("sweep", f'at.sweep("probability", {_AXES}, target, schedule, init, workers=1)', new=True),
        Call("rerun_sweep", "at.rerun_sweep(store, workers=1)",
             f'store = tempfile.mkdtemp() + "/store"; at.sweep("probability", {_AXES}, target, schedule, init, '
             "workers=1, store=store)", new=True),
    ]  # fmt: skip


def _designs() -> list[Call]:
    return [
        Call("choose_schedule", "at.choose_schedule(fresh(), init, 30)"),
        Call("design_schedule", 'at.design_schedule(fresh(), init, budget=300, family="hold")', new=True),
        Call("least_duration",
             "at.least_duration(fresh(), ball, 90, 0.1, relative_error=0.01, **paper)", SPHERE, new=True),
        Call("calibrate_training", "at.calibrate_training(target, pilot, dim=128)",
             "pilot = at.train_mixture(target, at.Constant(1), init, replicas=8, batch_size=100, end_time=5, "
             "record_every=1, most_undecided=1).history", new=True),
        Call("calibrate_flow", "at.calibrate_flow(target, pilot, dim=128, memory=1)",
             "pilot = at.train_mixture(target, at.Constant(1), init, replicas=8, batch_size=100, end_time=5, "
             "record_every=1, most_undecided=1).history", new=True),
        Call("design.schedule_cost", "schedule_cost(target, init, 1e-8)",
             "from anneal_theory.design import schedule_cost", new=True),
        Call("design.singular_temperature", "singular_temperature(target, s=8, log_rho=0.8, distance=4.3)",
             "from anneal_theory.design import singular_temperature", new=True),
        Call("compare_training",
             "at.compare_training(target, schedule, init, replicas=20, bias_replicas=20, batch_size=100, threads=1)",
             earlier="at.compare_training(target, schedule, init, replicas=20, bias_replicas=20, batch_size=100)"),
        Call("compare_baselines",
             "at.compare_baselines(target, init, budget=30, replicas=20, batch_size=100, threads=1, most_undecided=1)",
             earlier="at.compare_baselines(target, init, budget=30, replicas=20, batch_size=100)"),
    ]  # fmt: skip


def _training() -> list[Call]:
    few, fewer = "replicas=20, batch_size=100, end_time=100", "replicas=4, batch_size=100, end_time=15"
    undecided = ", most_undecided=1"
    rule = "from anneal_theory.training.adaptive import AdaAnn, ConstantESS; beta, log_p = np.ones(1), np.ones((1, 9))"
    rules = "from anneal_theory.training.rules import TrainingRules"
    flow = "steps=10, dim=8, hidden=(16, 16), replicas=2, batch_size=64, evaluation_samples=1000"
    briefly = "at.LinearBeta(10, 8)"
    return [
        Call("train_mixture", f"at.train_mixture(target, schedule, init, threads=1, {few})"),
        Call("train_mixture, plain route",
             f'at.train_mixture(target, at.Exponential(10, 1), init, threads=1, route="plain", {fewer}{undecided})',
             earlier=f'at.train_mixture(target, at.Exponential(10, 1), init, threads=1, route="plain", {fewer})'),
        Call("train_mixture_torch",
             f"at.train_mixture_torch(target, at.Exponential(10, 1), init, {fewer}{undecided})",
             earlier=f"at.train_mixture_torch(target, at.Exponential(10, 1), init, {fewer})"),
        Call("train_realnvp", f"at.train_realnvp(target, {briefly}, {flow}, most_undecided=1)",
             earlier=f"at.train_realnvp(target, {briefly}, {flow})"),
        Call("train_flow", "at.train_flow(zuko.flows.RealNVP(2, transforms=2, hidden_features=(8,)), log_prob, "
             f"{briefly}, steps=10, modes=[[3, 3], [-3, -3]])",
             "import torch, zuko\ndef log_prob(x):\n    return torch.logaddexp(-0.5 * ((x - 3) ** 2).sum(1), "
             "-0.5 * ((x + 3) ** 2).sum(1))", new=True),
        Call("paper_recipe", "at.paper_recipe(9, 2000)", new=True),
        Call("AdaAnn", "AdaAnn(10, 0.2)", rule),
        Call("AdaAnn.next_beta", "AdaAnn(10, 0.2).next_beta(beta, log_p)", rule),
        Call("ConstantESS", "ConstantESS(10, 0.9)", rule),
        Call("ConstantESS.next_beta", "ConstantESS(10, 0.9).next_beta(beta, log_p)", rule),
        Call("TrainingRules", "TrainingRules(steps=100)", rules),
        Call("TrainingRules.temperatures", "TrainingRules(steps=1000).temperatures(at.LinearBeta(10, 100))", rules),
        Call("TrainingRules.steps_needed", "TrainingRules().steps_needed(at.LinearBeta(10, 100))", rules, new=True),
        Call("BaselineRules",
             "BaselineRules()", "from anneal_theory.training.baselines import BaselineRules", new=True),
    ]  # fmt: skip


LONG_CALLS = (*_flows(), *_thresholds(), *_probabilities(), *_designs(), *_training())
