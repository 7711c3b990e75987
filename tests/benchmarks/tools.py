"""Other tools doing a piece of work that the package does too, each in its own loop: the topic `tools` of `bench`.

Flows are trained by reverse KL on one thread; each library has couplings, widths, batch and number type of its row.
"""

import importlib.util
import warnings
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

from anneal_theory.problem import BimodalTarget
from tests.benchmarks.paired import Pair, Side, Skipped

TARGET = BimodalTarget(3, "0.8")
DIM, COUPLINGS, HIDDEN, BATCH = 128, 8, (64, 64), 512
SBI_DIM, SBI_TRANSFORMS, SBI_HIDDEN, SBI_BATCH = 8, 5, 50, 256  # its defaults, but for the dimension
Rows = Iterator[Pair | Skipped]
Task = Callable[[], object]


def tools(quick: bool) -> Rows:
    """Averages by mpmath's quadrature; steps of flows by normflows, LINFA and sbi."""
    yield from by_mpmath()
    steps = 4 if quick else 20
    for library, about, made in (
        ("normflows", f"a step of RealNVP, d = {DIM}, batch {BATCH}", normflows),
        ("linfa", f"a step of RealNVP in doubles, d = {DIM}, batch {BATCH}", linfa),
        ("sbi", f"a step of an autoregressive flow, d = {SBI_DIM}, batch {SBI_BATCH}", sbi),
    ):
        lacking = [name for name in ("torch", "zuko", library) if importlib.util.find_spec(name) is None]
        if lacking:
            yield Skipped(about, library, f"{' and '.join(lacking)} not installed")
            continue
        yield from on_one_thread(lambda made=made, about=about: made(about, steps))


def by_mpmath() -> Rows:
    """psi in digits; what mpmath gives is no proven ball."""
    from tests.benchmarks.averages_digits import ours, quadrature

    for count in (15, 50):
        mine = Side("averages.psi, certified", lambda count=count: ours("psi", count))
        yield Pair(f"psi, {count} digits", mine, Side("mpmath.quad", lambda count=count: quadrature("psi", count)))


def on_one_thread(made: Callable[[], Pair]) -> Rows:
    """The pair, whose torch is held to one thread while it is timed."""
    import torch

    before, kind = torch.get_num_threads(), torch.get_default_dtype()
    torch.set_num_threads(1)
    try:
        yield made()
    finally:
        torch.set_num_threads(before)
        torch.set_default_dtype(kind)


def annealed(family: Any, steps: int, batch: int) -> Task:
    """Steps of the package's loop, without what is measured at its end."""
    from anneal_theory.schedules import Constant
    from anneal_theory.training.annealed import AnnealedRun
    from anneal_theory.training.noise import Noise
    from anneal_theory.training.realnvp_outcome import target_log_density
    from anneal_theory.training.rules import TrainingRules

    rules = TrainingRules(steps=steps, batch_size=batch, record_every=steps, record_samples=2)
    return lambda: AnnealedRun(family, lambda x: target_log_density(TARGET, x), Constant(1), rules, Noise(0, 1)).run()


def log_density(points: Any) -> Any:
    """Of the target, at points (n, d)."""
    from anneal_theory.training.realnvp_outcome import target_log_density

    return target_log_density(TARGET, points[None])[0]


def realnvp(**shape: Any) -> Any:
    """The package's flow, eager."""
    from anneal_theory.training.noise import Noise
    from anneal_theory.training.realnvp import RealNVP

    return RealNVP(DIM, Noise(0, 1), couplings=COUPLINGS, hidden=HIDDEN, **shape)


def normflows(about: str, steps: int) -> Pair:
    """A network for both shift and scale, `reverse_kld` as its pages call it."""
    import normflows as nf
    import torch

    layers: list[Any] = []
    for _ in range(COUPLINGS):
        network = nf.nets.MLP([DIM // 2, *HIDDEN, DIM], init_zeros=True)
        layers += [nf.flows.AffineCouplingBlock(network), nf.flows.Permute(DIM, mode="swap")]
    base = nf.distributions.base.DiagGaussian(DIM, trainable=False)
    model = nf.NormalizingFlow(base, layers, SimpleNamespace(log_prob=log_density))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def train() -> None:
        for _ in range(steps):
            optimizer.zero_grad()
            model.reverse_kld(BATCH, beta=1.0).backward()
            optimizer.step()

    return Pair(about, Side("eager", annealed(realnvp(), steps, BATCH), steps), Side("normflows", train, steps))


def linfa(about: str, steps: int) -> Pair:
    """A network each for shift and scale, in doubles, which LINFA makes torch's default; its own `train`."""
    import torch

    with warnings.catch_warnings():  # it sets the default by a function that torch has renamed
        warnings.simplefilter("ignore", UserWarning)
        from linfa.maf import RealNVP
        from linfa.run_experiment import experiment
    one = experiment()
    one.batch_size, one.model_logdensity = BATCH, log_density
    one.run_nofas, one.store_nf_interval, one.log_interval, one.n_iter = False, 0, 10**9, 0
    flow = RealNVP(COUPLINGS, DIM, HIDDEN[0], len(HIDDEN) - 1, batch_norm=False)
    optimizer = torch.optim.Adam(flow.parameters(), lr=1e-3)

    def train() -> None:
        for step in range(1, steps + 1):
            one.train(flow, optimizer, step, [], sampling=False, t=1)

    ours = annealed(realnvp(networks="separate", dtype="float64"), steps, BATCH)
    return Pair(about, Side("eager, doubles", ours, steps), Side("LINFA", train, steps))


def sbi(about: str, steps: int) -> Pair:
    """zuko's masked autoregressive flow, sbi's default, in `train_flow`'s loop and in that of `VIPosterior`."""
    import torch
    import zuko
    from sbi.inference.posteriors import VIPosterior

    from anneal_theory.training.adapters import SeparateFlows

    prior = torch.distributions.MultivariateNormal(torch.zeros(SBI_DIM), 9 * torch.eye(SBI_DIM))
    posterior = VIPosterior(
        lambda theta, x_o: log_density(theta), prior, q="maf", num_transforms=SBI_TRANSFORMS,
        hidden_features=SBI_HIDDEN, z_score_theta="none",
    )  # fmt: skip
    hidden = [SBI_HIDDEN] * SBI_TRANSFORMS
    flow = SeparateFlows([zuko.flows.MAF(SBI_DIM, transforms=SBI_TRANSFORMS, hidden_features=hidden)], SBI_DIM)

    def train() -> None:
        posterior.train(
            torch.zeros(1), n_particles=SBI_BATCH, max_num_iters=steps, warm_up_rounds=1, show_progress_bar=False,
            check_for_convergence=False, quality_control=False,
        )  # fmt: skip

    return Pair(about, Side("the same flow", annealed(flow, steps, SBI_BATCH), steps), Side("sbi", train, steps))
