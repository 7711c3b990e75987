"""Objects of the package, drawn as text: targets, schedules, starts, rules."""

import random
from collections.abc import Callable

from anneal_theory.quantities import QUANTITIES
from anneal_theory.schedules import SCHEDULES

Draw = Callable[[str], str]
_WAYS = (
    *(
        f"at.{name}({', '.join(f'{{{parameter}}}' for parameter in parameters)})"
        for name, parameters in SCHEDULES.items()
        if not any(QUANTITIES[parameter].is_list for parameter in parameters)
    ),
    "at.ExponentialToOne({initial_temperature}, duration={duration})",
)


def of(kind: str, draw: Draw, rng: random.Random) -> str:
    """An object of a class, by the class's name."""
    if kind == "Schedule":
        return schedule(draw, rng)
    made = {
        "ExponentialToOne": _WAYS[-1],
        "BimodalTarget": "at.BimodalTarget({separation}, {weight})",
        "GaussianMixture": MIXTURE,
        "GaussianInit": rng.choice(("at.GaussianInit({dim})", "at.GaussianInit({dim}, {variance})")),
        "SphereInit": "at.SphereInit({sphere_dim})",
        "Dynamics": "at.Dynamics({objective}, {metric}, {family_weight})",
        "AdaAnn": "AdaAnn({rule_temperature}, {divergence_tolerance}, every={every}, samples={samples})",
        "ConstantESS": "ConstantESS({rule_temperature}, 0.9, every={every}, samples=50)",
        "ReducedState": rng.choice(REDUCED),
        "FullState": rng.choice(FULL),
        "GramState": GRAM,
        "SphereState": rng.choice(SPHERE),
        "mpf": "mpmath.mpf('0.5')",
        "dict": rng.choice(
            ("at.Estimate(0.3, 1e-4, -1.2, 'exact').to_dict()", "at.Ball(mpmath.mpf(1), mpmath.mpf(0)).to_dict()")
        ),
        "Noise": "anneal_theory.training.noise.Noise({seed}, {replicas})",
        "Generator": "np.random.default_rng(1)",
        "Estimate": "at.Estimate(0.3, 1e-4, -1.2, 'exact', -0.36)",
        "BaselineRules": "BaselineRules()",
        "TrainingRules": "TrainingRules(steps=5)",
        "Work": "anneal_theory.work.Work(3, 60)",
    }[kind]
    return fill(made, draw)


def fill(text: str, draw: Draw) -> str:
    """A text with a drawn value in the place of each quantity's name in braces."""
    parts = text.replace("}", "{").split("{")
    return "".join(draw(part) if place % 2 else part for place, part in enumerate(parts))


def schedule(draw: Draw, rng: random.Random) -> str:
    """A schedule of any kind."""
    place = rng.randrange(len(_WAYS) + 2)
    if place == len(_WAYS):
        return table(rng)
    if place > len(_WAYS):
        return f"at.from_callable((lambda t: 1 + {rng.randint(1, 20)} * np.exp(-t)), {draw('end_time')})"
    return fill(_WAYS[place], draw)


def table(rng: random.Random) -> str:
    """A table of temperatures that ends at 1."""
    times, rows = [0.0], rng.randint(1, 4)
    for _ in range(rows):
        times.append(round(times[-1] + rng.uniform(0.1, 20), 3))
    temperatures = [round(rng.uniform(1, 20), 3) for _ in range(rows)]
    return f"at.Piecewise({times}, {[*temperatures, 1.0]})"


MIXTURE = "at.GaussianMixture([[3.0, 0.0], [-3.0, 0.0]], [0.8, 0.2])"
REDUCED = (
    "at.ReducedState({s}, 0.3, 1.2)",
    "at.ReducedState.from_rho(0.1, 0.2, {distance}, at.BimodalTarget(3, 0.8))",
    "at.ReducedState([0.0, 0.5], [0.2, -0.1], [1.0, 2.0])",
)
FULL = (
    "at.FullState(0.3, -0.2, 1.0, 0.1, 2.0)",
    "at.FullState.from_means([0.1, 1.0], [-0.1, 0.5], at.BimodalTarget(3, 0.8))",
    "at.FullState([0.3, 0.1], [-0.2, 0.0], [1.0, 1.0], [0.1, 0.0], [2.0, 1.0])",
)
SPHERE = (
    "at.SphereState({mean_cosine})",
    "at.SphereState(0.1, 0.2, -0.3)",
    "at.SphereState.from_overlaps(0.3, -0.2, 0.1, at.BimodalTarget(3, 0.8))",
    "at.SphereState([0.1, -0.3], 0.0, [0.2, 0.1])",
)
GRAM = f"at.GramState.from_means([[0.1, 1.0], [-0.1, 0.5]], {MIXTURE})"


def _means(rng: random.Random, rows: int) -> str:
    return repr([[round(rng.uniform(-3, 3), 3) for _ in range(2)] for _ in range(rows)])


def _times(rng: random.Random) -> str:
    times = [round(rng.uniform(0, 2), 3)]
    for _ in range(rng.randint(0, 3)):
        times.append(round(times[-1] + rng.uniform(0.01, 30), 3))
    return rng.choice((repr(times), f"np.array({times})"))


ARRAYS: dict[str, Callable[[random.Random], str]] = {
    "means": lambda rng: _means(rng, 2),
    "mean_1": lambda rng: _means(rng, 1)[1:-1],
    "mean_2": lambda rng: _means(rng, 1)[1:-1],
    "weights": lambda rng: rng.choice(("[0.5, 0.5]", "[0.2, 0.8]", "np.array([0.3, 0.7])")),
    "family_weights": lambda rng: rng.choice(("[0.5, 0.5]", "[0.2, 0.8]")),
    "target_weights": lambda rng: rng.choice(("[0.5, 0.5]", "[0.2, 0.8]")),
    "gram": lambda rng: rng.choice(("np.eye(4)", "np.diag([1.0, 2.0, 3.0, 3.0])")),
    "points": lambda rng: rng.choice(("np.zeros((3, 2))", "[[0.3, 1.0]]", "[1.0, 2.0]")),
    "flow_times": _times,
    "log_p": lambda rng: rng.choice(("[[-1.0, -2.0, -3.5]]", "np.array([[-30.0, -1.0]])")),
    "beta_now": lambda rng: rng.choice(("[0.5]", "np.array([0.1])", "[1.0]")),
}
"""Arrays whose shape matters."""
