"""The table of quantities: each checks its value, prints its help and names its symbol.

One table feeds the SymPy symbols of the derivations, the argument lists and docstrings of the generated code, the check
of every argument of the public functions, the values that the tests draw, the command line's help and the
documentation. The order of the table is the order of arguments in generated functions.
"""

from types import MappingProxyType

from anneal_theory.quantities.arguments import ARGUMENTS
from anneal_theory.quantities.letters import LETTERS
from anneal_theory.quantities.quantity import Quantity

__all__ = ["QUANTITIES", "Quantity"]

QUANTITIES: MappingProxyType[str, Quantity] = MappingProxyType(
    {quantity.name: quantity for quantity in LETTERS + ARGUMENTS}
)
"""Every quantity by its name in code, in the order of arguments."""
