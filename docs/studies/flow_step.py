"""Where the time of a step of RealNVP goes, beside its matrix products alone: ``python -m docs.studies.flow_step``.

Flows of the benchmark (8 couplings, networks 64-64, d = 128, batch 512), eight as one compiled batch, on one thread.
Ways of making the step take turns; the step is then taken apart by torch's profiler, and its draws are timed apart. The
processor's time is stored beside this file, and `anneal-theory reproduce` makes the tables of it.
"""

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STORED = Path(__file__).with_name("flow_step.json")
_DIM, _STEPS, _ROUNDS, _REPLICAS = 128, 15, 5, 8
_WAYS: dict[str, tuple[int, dict[str, Any]]] = {
    "as it is": (_REPLICAS, {}),
    "as one graph, without breaks": (_REPLICAS, {"fullgraph": True}),
    "16 flows as one batch": (2 * _REPLICAS, {}),
    "products chosen by trial": (
        _REPLICAS,
        {"options": {"max_autotune": True, "max_autotune_gemm_backends": "CPP,ATEN"}},
    ),
}
_PARTS = {
    "matrix products": ("aten::bmm", "aten::baddbmm", "aten::mm", "aten::addmm"),
    "all else of the couplings, forward and backward": ("graph_", "## Call CompiledFxGraph", "CompiledFunction"),
    "Adam": ("aten::_fused_adam_", "Optimizer."),
}
_REST = "target's density, copies and all else"
_DRAWS = "draws of the base points"


def _task(replicas: int, how: dict[str, Any]) -> Callable[[], Any]:
    import torch

    from anneal_theory.schedules import Constant
    from anneal_theory.training.annealed import AnnealedRun
    from anneal_theory.training.noise import Noise
    from anneal_theory.training.realnvp import RealNVP
    from anneal_theory.training.realnvp_outcome import target_log_density
    from anneal_theory.training.rules import TrainingRules
    from tests.benchmarks.flow_training import COUPLINGS, FLOW_BATCH, HIDDEN
    from tests.benchmarks.training_speed import TARGET

    noise = Noise(0, replicas)
    flow = RealNVP(_DIM, noise, couplings=COUPLINGS, hidden=HIDDEN)
    flow._forward = torch.compile(flow._on_batch, dynamic=False, **how)
    rules = TrainingRules(steps=_STEPS, batch_size=FLOW_BATCH, record_every=_STEPS, record_samples=2)
    return lambda: AnnealedRun(flow, lambda x: target_log_density(TARGET, x), Constant(1), rules, noise).run()


def _milliseconds(task: Callable[[], Any], steps: int) -> float:
    start = time.process_time()
    task()
    return 1e3 * (time.process_time() - start) / steps


def measured() -> dict[str, Any]:
    """Milliseconds a step of one flow: of the products alone, of each way, of the draws; and the profiler's shares."""
    import numpy as np
    import torch
    from torch.profiler import ProfilerActivity, profile

    from anneal_theory.training.noise import TRAINING, Noise
    from tests.benchmarks.flow_training import FLOW_BATCH, products

    torch.set_num_threads(1)
    noise, size = Noise(0, _REPLICAS), (FLOW_BATCH, _DIM)
    tasks = {name: (_task(replicas, how), _STEPS * replicas) for name, (replicas, how) in _WAYS.items()}
    tasks["products"] = (lambda: products(_DIM, _STEPS), _STEPS)
    draws = (lambda: [noise.normals(TRAINING, step, size, np.float32) for step in range(_STEPS)], _STEPS * _REPLICAS)
    tasks[_DRAWS] = draws
    for task, _ in tasks.values():
        task()
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(_ROUNDS):
        for name, (task, steps) in tasks.items():
            times[name].append(_milliseconds(task, steps))
    apart = _task(_REPLICAS, {"options": {"cpp.enable_kernel_profile": True}})
    apart()
    with profile(activities=[ProfilerActivity.CPU]) as seen:
        apart()
    shares = dict.fromkeys([*_PARTS, _REST], 0.0)
    for event in seen.key_averages():
        part = next((name for name, heads in _PARTS.items() if event.key.startswith(heads)), _REST)
        shares[part] += event.self_cpu_time_total
    whole = sum(shares.values())
    return {"times": times, "shares": {name: one / whole for name, one in shares.items()}, "torch": torch.__version__}


def flow_step() -> str:
    """The parts of a step, and other ways to make it, as shares of the products alone; medians over the rounds."""
    found: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))
    times, floor = found["times"], found["times"]["products"]

    def over(name: str) -> float:
        return statistics.median(one / unit for one, unit in zip(times[name], floor, strict=True))

    whole, draws = over("as it is"), over(_DRAWS)
    parts = {name: share * (whole - draws) for name, share in found["shares"].items()} | {_DRAWS: draws}
    lines = ["| part of a step | over the products alone |", "| --- | --- |"]
    lines += [f"| {name} | {one:.2f} |" for name, one in sorted(parts.items(), key=lambda row: -row[1])]
    lines += [f"| the step | {whole:.2f} |", "", "| way to make it | over the products alone |", "| --- | --- |"]
    lines += [f"| {name} | {over(name):.2f} |" for name in _WAYS]
    told = f"The products alone take {statistics.median(floor):.2f} ms of the processor. Medians of {len(floor)} rounds"
    return "\n".join([*lines, "", f"{told}, torch {found['torch']}."])


if __name__ == "__main__":
    from anneal_theory.storage import atomic_write

    atomic_write(STORED, (json.dumps(measured(), indent=1) + "\n").encode())
