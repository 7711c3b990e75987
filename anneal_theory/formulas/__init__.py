"""Generated formulas (all sections).

Written by `python -m derivations`; do not edit.
"""
