"""The leading order in step over batch beside stored trainings, and where alignment survives noise."""

from anneal_theory.probability.noisy import noisy_collapse_probability
from anneal_theory.probability.noisy.survival import alignment_survival
from docs.studies.noise_training import INIT, SCHEDULES, STEP, TARGET, bounds, rows

SHOWN = ((1000, "plain"), (100, "path"))  # batches and gradients
_TEMPERATURES = ("1", "1.5", "3", "8", "13")
_BATCH = 100
_ON_SPHERE = ("1", "3", "8", "15", "20", "40")


def first_order_noise() -> str:
    """P to leading order, and how fast it rises with noise, beside counts of training."""
    head = ["schedule", "gradient", "P without noise", "d log P/d(step/batch)", "batch", "to leading order"]
    lines = [[*head, "by quantiles", "trained, 99.9 %"]]
    cells = {(one["schedule"], one["batch"], one["gradient"]): one for one in rows() if float(one["step"]) == STEP}
    for batch, gradient in SHOWN:
        for name, schedule in SCHEDULES.items():
            options = {"batch_size": batch, "step_size": STEP, "gradient": gradient, "method": "leading-order"}
            found, cell = noisy_collapse_probability(TARGET, schedule, INIT, **options), cells[name, batch, gradient]
            quiet, slope = found.parts["flow"], found.parts["slope"]
            told = [name, gradient, f"{quiet:.4f}", f"{slope / quiet:.4g}", str(batch)]
            low, high = bounds(cell)
            told += [f"{found.value:.3f} ± {found.error:.3f}", f"{cell['quantiles']:.3f}", f"{low:.3f} to {high:.3f}"]
            lines.append(told)
    return _markdown(lines)


def surviving_alignment() -> str:
    """Growth of log rho of a collapsed pair, what noise takes of it, and the batch below which nothing is left."""
    head = ["T", "gradient", "distance", "growth", "loss at 100", "memory at 100", "least batch"]
    lines = [head]
    for temperature in _TEMPERATURES:
        for gradient in ("plain", "path"):
            noise = {"batch_size": _BATCH, "step_size": STEP, "gradient": gradient}
            told = alignment_survival(TARGET, temperature, dim=INIT.dim, **noise)
            lines.append([
                temperature, gradient, f"{told.separation:.3g}", f"{told.growth:.3g}", f"{told.loss:.3g}",
                f"{told.memory_time:.4g}", f"{told.least_batch:.3g}",
            ])  # fmt: skip
    return _markdown(lines)


def alignment_on_the_sphere() -> str:
    """The same of log x on the sphere, for both variances that a temperature gives."""
    lines = [["variance", "T", "distance", "growth", f"loss at {_BATCH}", f"memory at {_BATCH}"]]
    for variance in ("follows-temperature", "fixed"):
        for temperature in _ON_SPHERE:
            told = alignment_survival(
                TARGET, temperature, dim=INIT.dim, batch_size=_BATCH, step_size=STEP, constraint="sphere",
                variance=variance,
            )  # fmt: skip
            numbers = told.separation, told.growth, told.loss
            lines.append([variance, temperature, *(f"{one:.3g}" for one in numbers), f"{told.memory_time:.4g}"])
    return _markdown(lines)


def _markdown(lines: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(line) + " |" for line in [lines[0], ["---"] * len(lines[0]), *lines[1:]])
