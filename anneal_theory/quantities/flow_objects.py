"""Objects of other libraries that the training of a user's flow takes: known by what they can do, loading no torch."""

from dataclasses import dataclass

from anneal_theory.quantities.arrays import Numbers
from anneal_theory.quantities.domains import Domain, Word
from anneal_theory.quantities.objects import of

_NAMED = ("adam", "sgd")
_WAYS = ("rsample_and_log_prob", "sample", "forward")  # zuko's distributions, normflows' flows, zuko's lazy flows


@dataclass(frozen=True)
class Sampling(Domain):
    """An object with parameters that can give samples with their log-density."""

    def check(self, value: object, argument: str, advice: str) -> object:
        """The object."""
        missing = [] if hasattr(value, "parameters") else ["parameters"]
        if not any(hasattr(value, name) for name in _WAYS):
            missing.append("rsample_and_log_prob")
        if isinstance(value, type):
            raise self.refuse(value, argument, "give an object instead of the class")
        if missing:
            raise self.refuse(value, argument, f"it has no `{'` and no `'.join(missing)}`; {advice}")
        return value


@dataclass(frozen=True)
class Optimisers(Domain):
    """The name of an optimiser, a maker of one, or one."""

    def check(self, value: object, argument: str, advice: str) -> object:
        """The name, the maker or the optimiser."""
        if isinstance(value, str):
            return Word(self.text, choices=_NAMED).check(value, argument, advice)
        kind = value if isinstance(value, type) else type(value)
        of_torch = any(base.__name__ == "Optimizer" and base.__module__.startswith("torch.") for base in kind.__mro__)
        if of_torch or (callable(value) and not isinstance(value, type)):
            return value
        raise self.refuse(value, argument, advice)


FLOW_OBJECTS = (
    of("flow",
       Sampling("an object with `parameters` and `rsample_and_log_prob(n)`, or a flow of zuko or normflows"),
       "a flow to train",
       "give a torch module that has both, or zuko's lazy flow itself rather than what calling it gives"),
    of("flow_optimiser",
       Optimisers("'adam', 'sgd', a function of the parameters that makes a torch optimiser, or such an optimiser"),
       "how steps are made", "torch.optim.AdamW, or lambda parameters: torch.optim.AdamW(parameters, lr=0.001)"),
    of("mode_centres", Numbers("a finite array of shape (K, d)", axes=2), "centres of the target's modes",
       "give one row for each mode"),
    of("reference_samples", Numbers("a finite array of shape (n, d)", axes=2), "samples of the target",
       "give one row for each sample"),
)  # fmt: skip
"""What `train_flow` takes of other libraries, and arrays in the target's space."""
