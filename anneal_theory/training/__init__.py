"""Monte Carlo variational training: the side of the comparison that shares no formula with the theory.

Names are loaded where they are used, so that importing this package loads no torch.
"""

from anneal_theory.extras import attributes_of

_HOMES = {
    "AdaAnn": "adaptive",
    "BaselineRules": "baselines",
    "ConstantESS": "adaptive",
    "FlowShape": "rules",
    "FlowVerdict": "rules",
    "MixtureRules": "mixture_rules",
    "ModeWeights": "flow_outcome",
    "RealNVP": "realnvp",
    "TrainedFlow": "flow_outcome",
    "TrainingRules": "rules",
    "load_flow": "realnvp_training",
    "paper_recipe": "recipes",
    "train_flow": "user_flow",
    "train_mixture": "mixture",
    "train_mixture_torch": "mixture_torch",
    "train_realnvp": "realnvp_training",
}

# loaded by __getattr__
__all__ = [
    "AdaAnn", "BaselineRules", "ConstantESS", "FlowShape", "FlowVerdict", "MixtureRules", "ModeWeights", "RealNVP",
    "TrainedFlow", "TrainingRules", "load_flow", "paper_recipe", "train_flow", "train_mixture", "train_mixture_torch",
    "train_realnvp",
]  # fmt: skip


__getattr__ = attributes_of(__name__, _HOMES)


def __dir__() -> list[str]:
    return [*__all__, *globals()]
