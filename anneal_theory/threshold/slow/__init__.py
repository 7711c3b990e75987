"""The threshold for slow annealing in closed form: leading order, prefactor and constant (theory section 6)."""
