"""What doors do at once for the commonest arguments: the same as the checks of the table do for all."""

import math
import sys
from dataclasses import FrozenInstanceError, dataclass, field
from fractions import Fraction

import mpmath
import numpy as np
import pytest

import anneal_theory as at
from anneal_theory.errors import DomainError
from anneal_theory.quantities import QUANTITIES
from anneal_theory.quantities.arrays import Numbers
from anneal_theory.quantities.doors import checked, quantities_of
from tests.doors import DOORS

CHECKED = sorted({quantity.name for door in DOORS.values() for quantity in quantities_of(door).values() if quantity})


def outcome(check, *arguments):
    """What a check gives back with its type, or the message with which it refuses."""
    try:
        taken = check(*arguments)
    except DomainError as error:
        return str(error)
    return type(taken), taken


def edges(domain):
    """Numbers at the ends of a domain and beside them."""
    names = "low", "above", "high", "below"
    ends = [bound for name in names if (bound := getattr(domain, name, None)) is not None]
    near = [math.nextafter(float(end), way) for end in ends for way in (-math.inf, math.inf)]
    return [*ends, *map(float, ends), *near, *(int(end) + step for end in ends for step in (-1, 0, 1))]


COMMON = (
    0, 1, 2, -1, 2**53 - 1, 2**53, 2**53 + 1, 10**400, 0.0, -0.0, 0.5, 1.0, 1 - 1e-10, 1e-10, 1e16, 1e300, 2.0**1023,
    sys.float_info.max, math.inf, -math.inf, math.nan, True, None, "adam", "exact", "free", "x", "", "0.5", b"x",
    np.float64(0.5), np.int64(3), np.str_("free"), np.True_, Fraction(1, 3), at.BimodalTarget(3, 0.8),
    at.GaussianMixture, at.Exponential(10, 100), at.GaussianInit(16),
    at.Dynamics(), at.Dynamics(constraint="sphere"), mpmath.mpf("0.5"), at.Estimate(0.5, 0.0, -0.69, "exact"),
)  # fmt: skip


@pytest.mark.parametrize("name", CHECKED)
def test_a_door_s_own_check_of_an_argument_is_the_check_of_its_quantity(name):
    domain = QUANTITIES[name].domain
    at_the_door = domain.check_of("it", "see there")
    for value in (*COMMON, *edges(domain)):
        for _ in range(2):  # a class that has been met is let through sooner
            assert repr(outcome(at_the_door, value)) == repr(outcome(domain.check, value, "it", "see there"))
    assert domain.check_of("it", "see there", optional=True)(None) is None


@pytest.mark.parametrize("name", [name for name in CHECKED if isinstance(QUANTITIES[name].domain, Numbers)])
def test_so_it_is_for_arrays(name):
    domain = QUANTITIES[name].domain
    for value in (0.5, 1.0, -1.0, 0.0, math.nan, math.inf, *map(float, edges(domain))):
        for shape in ((), (1,), (3,), (2, 2), (2, 2, 2), (0,)):
            array = np.full(shape, 0.5)
            array.flat[-1:] = value
            with np.errstate(over="ignore"):
                single = array.astype(np.float32)
            for one in (array, single, array.astype(">f8"), array.tolist(), np.ma.array(array)):
                mine = outcome(domain.check_of("it", "see there"), one)
                assert repr(mine) == repr(outcome(domain.check, one, "it", "see there"))


def test_a_checked_dataclass_is_made_alike_from_arguments_in_order_and_by_name():
    @checked(size="replicas", width="step_size")
    @dataclass(frozen=True)
    class Box:
        size: int
        width: float = 2.5
        names: list[str] = field(default_factory=list)
        area: float | None = None

        def __post_init__(self):
            object.__setattr__(self, "area", self.size * self.width)

    @dataclass(frozen=True)
    class Coloured(Box):
        colour: str = "red"

    for ordered, named in (((3,), {"size": 3}), ((3, 0.5, ["a"]), {"names": ["a"], "width": 0.5, "size": np.int8(3)})):
        assert list(vars(Box(*ordered)).items()) == list(vars(Box(**named)).items())
        assert Box(*ordered) == Box(*ordered[:1], **{name: value for name, value in named.items() if name != "size"})
    assert Box(3).names is not Box(3).names
    assert Coloured(3, 0.5, [], 0, "blue").colour == "blue"
    for wrong in ((0,), (3, -1), (3, "x")):
        with pytest.raises(DomainError, match=r"^(size|width) must be"):
            Box(*wrong)
    for wrong in ((), (1, 2, [], 3, 4)):
        with pytest.raises(TypeError, match=r"__init__\(\) (missing|takes)"):
            Box(*wrong)
    with pytest.raises(FrozenInstanceError):
        Box(3).size = 4


def test_dataclasses_whose_fields_are_no_arguments_in_order_are_checked_too():
    @checked(size="replicas")
    @dataclass(frozen=True, slots=True)
    class Slots:
        size: int

    @checked(size="replicas")
    @dataclass(frozen=True, kw_only=True)
    class Named:
        size: int

    @checked(size="replicas")
    @dataclass(frozen=True)
    class Other:
        size: int
        twice: int = field(init=False, default=2)

    assert (Slots(3).size, Named(size=3).size, Other(3).twice) == (3, 3, 2)
    for make in (Slots, lambda size: Named(size=size), Other):
        with pytest.raises(DomainError, match=r"^size must be a positive integer"):
            make(0)
