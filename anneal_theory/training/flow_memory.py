"""How many flows are trained together: as many as memory holds, one group after the other where it holds fewer."""

import torch

from anneal_theory.training.coupling_weights import row_of_parts
from anneal_theory.training.noise import Noise
from anneal_theory.training.realnvp_measures import CHUNK
from anneal_theory.training.rules import FlowShape, TrainingRules

# Bytes of the flows in training on a processor. Python, NumPy, torch and the compiled code take 0.4 GB beside them, so
# that all of it stays below 2 GB (`python -m docs.studies.memory` measures it); a group leaves a little behind as well.
ROOM = 1.4e9
_OF_A_GPU = 0.8  # of what is free there: its allocator does not fill all of it
# Weights, their gradient, and that gradient in pieces before it is put together; Adam keeps two averages.
_COPIES = {"adam": 5.0, "sgd": 3.0}
_ELEMENTWISE = 8  # arrays as long as the moved coordinates that a coupling keeps for its gradient
_UNUSED = 1.5  # memory that activations leave behind in pieces, measured: see docs/benchmarks.md, "Memory"


def bytes_of_a_flow(dim: int, shape: FlowShape, rules: TrainingRules, evaluation_samples: int) -> float:
    """About how much memory a flow takes while it trains or is measured, whichever is more."""
    parts = row_of_parts(dim, shape)
    weights = sum(a * b for part in parts for a, b in part.shapes)
    kept = sum(part.fan_in or part.fan_out for part in parts) + _ELEMENTWISE * shape.couplings * (dim + 1) // 2
    copies, activations = _COPIES[rules.optimiser] * weights, _UNUSED * rules.batch_size * kept
    if shape.products == "bfloat16":  # factors of half the length beside those of the whole
        copies, activations = copies + 0.5 * weights, 1.5 * activations
    widest = max(max(part.fan_in, part.fan_out) for part in parts)
    # points and their base, whole and in parts, and differences of them; a layer's values before and after
    measured = max(rules.record_samples, CHUNK) * (6 * dim + 4 * widest) + 7 * evaluation_samples * dim
    return (8 if shape.dtype == "float64" else 4) * (copies + max(activations, measured))


def groups(noise: Noise, each: float, device: torch.device) -> list[Noise]:
    """Replicas in groups that fit into memory, as equal as can be; one group if all fit, or on a device unknown."""
    room = _room(device)
    most = noise.replicas if room is None else max(1, int(room / each))
    count = -(-noise.replicas // most)
    sizes = [(noise.replicas + count - 1 - index) // count for index in range(count)]
    return [Noise(noise.seed, size, noise.first + sum(sizes[:index])) for index, size in enumerate(sizes)]


def _room(device: torch.device) -> float | None:
    """Bytes for flows on a device; None where it is not known."""
    if device.type == "cpu":
        return ROOM
    if device.type != "cuda":
        return None
    spare = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)  # torch's own, not in use
    return _OF_A_GPU * (torch.cuda.mem_get_info(device)[0] + spare)
