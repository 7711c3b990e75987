"""The theory derived step by step with SymPy; `python -m derivations` writes the formulas that the package evaluates.

Each module is one derivation, from its premise to its result, with checks on the way that stop the build.
"""
