"""The arguments that are objects of this package and others, and the parts of its results."""

from anneal_theory.quantities.domains import Domain, Text
from anneal_theory.quantities.object_domains import Cluster, Lists, NamedOutcomes, Outcome, Records, Thing
from anneal_theory.quantities.quantity import Quantity

DEFAULT = "leave it out for the default"


def of(name: str, domain: Domain, meaning: str, advice: str = DEFAULT) -> Quantity:
    """A quantity that is no letter."""
    return Quantity(name, "", domain, meaning, advice)


def _one_of(*classes: str, package: str = "anneal_theory") -> Thing:
    article = "an" if classes[0][0] in "AEIO" or classes[0] == "mpf" else "a"
    return Thing(f"{article} {' or '.join(classes)}", classes=classes, package=package)


OBJECTS = (
    of("target", _one_of("BimodalTarget"), "the two modes", "make one: BimodalTarget(separation, weight)"),
    of("any_target", _one_of("BimodalTarget", "GaussianMixture"), "two modes, or any mixture",
       "make one: BimodalTarget(separation, weight)"),
    of("mixture", _one_of("GaussianMixture"), "a mixture", "make one: GaussianMixture(means, weights)"),
    of("schedule", _one_of("Schedule"), "the annealing schedule", "make one: Exponential(10, 100), or Constant(1)"),
    of("paper_schedule", _one_of("ExponentialToOne"), "the paper's schedule",
       "make one: ExponentialToOne(initial_temperature, duration=t0)"),
    of("rule", _one_of("Schedule", "AdaAnn", "ConstantESS"), "an annealing schedule or an adaptive rule",
       "make one: Exponential(10, 100), or Constant(1)"),
    of("adaptive_rule", _one_of("AdaAnn", "ConstantESS"), "an adaptive rule", "make one: AdaAnn(10, 0.1)"),
    of("init", _one_of("GaussianInit"), "the law of the initial means", "make one: GaussianInit(dim)"),
    of("sphere_init", _one_of("SphereInit"), "the law of the initial means", "make one: SphereInit(dim)"),
    of("initial_law", _one_of("GaussianInit", "SphereInit"), "the law of the initial means",
       "make one: GaussianInit(dim), or SphereInit(dim)"),
    of("dynamics", Thing("a Dynamics of free means", classes=("Dynamics",), attributes=(("constraint", "free"),)),
       "the rules of training", "make one: Dynamics(objective, metric)"),
    of("any_dynamics", _one_of("Dynamics"), "the rules of training", "make one: Dynamics(objective, metric)"),
    of("start", _one_of("ReducedState", "FullState", "GramState", "SphereState"), "a start state",
       "make one: ReducedState.from_rho"),
    of("starts", _one_of("ReducedState", "FullState", "SphereState"), "a batch of start states",
       "make one: ReducedState.from_rho"),
    of("gram_start", _one_of("GramState"), "a start state", "make one: GramState.from_means(means, target)"),
    of("target_mode", _one_of("Mode"), "a mode of a target", "take one: landscape_of(target).heavy or .light"),
    of("theory", _one_of("Estimate"), "the theory's probability", "compute one: collapse_probability(...)"),
    of("rng", _one_of("Generator", package="numpy"), "the source of random numbers", "use numpy.random.default_rng(0)"),
    of("found", _one_of("Outcomes"), "what training found", "train first: train_mixture(...)"),
    of("run", _one_of("Trajectory"), "a trajectory", "follow one: solve_flow(...)"),
    of("baseline_rules", _one_of("BaselineRules"), "what baselines have in common", "make one: BaselineRules()"),
    of("training_rules", _one_of("TrainingRules"), "how a flow is trained", "make one: TrainingRules()"),
    of("mixture_rules", _one_of("MixtureRules"), "how a mixture is trained", "make one: MixtureRules()"),
    of("history", Records("a mapping of names to arrays"), "what was recorded of training runs",
       "train with train_mixture(..., record_every=1, most_undecided=1) and give its history"),
    of("flow_history", Records("a mapping of names to arrays"), "what was recorded of training flows",
       "give the history of train_realnvp(..., Constant(1), halves='shifts', record_every=5)"),
    of("axes", Lists("a dictionary of lists"), "lists of values by parameter", "such as {'separation': [2, 3]}"),
    of("scheduler",
       Cluster("the address of a Dask scheduler, or a distributed.Client", classes=("Client",), package="distributed"),
       "the Dask cluster that works", "such as 'tcp://host:8786', or leave it out to work on this machine"),
    of("noise", _one_of("Noise"), "the source of a flow's noise", "make one: Noise(seed, replicas)"),
)  # fmt: skip

_MPF = "functions that are asked for digits give one"
RESULTS = (
    of("midpoint", _one_of("mpf", package="mpmath"), "centre of a ball", _MPF),
    of("radius", _one_of("mpf", package="mpmath"), "radius of a ball", _MPF),
    of("value", Outcome("a number"), "what was computed", _MPF),
    of("error", Outcome("a number"), "its error", _MPF),
    of("log_value", Outcome("a number"), "its logarithm", _MPF),
    of("log_complement", Outcome("a number"), "logarithm of 1 - value", _MPF),
    of("log_error", Outcome("a number"), "error of the logarithm", _MPF),
    of("log_complement_error", Outcome("a number"), "error of the logarithm of 1 - value", _MPF),
    of("work", _one_of("Work"), "what it took", "make one: Work(runs, steps)"),
    of("data", _one_of("dict", package="builtins"), "what to_dict gave", "give the dictionary of to_dict()"),
    of("parts", NamedOutcomes("a dictionary of numbers"), "what its formula is made of", _MPF),
    of("method_name", Text("a piece of text"), "the route that gave it", "give a word"),
    of("note", Text("a piece of text"), "what the reader should know of the regime", "give a sentence"),
)
