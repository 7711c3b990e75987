"""Methods that know nothing of annealing: fits, series, roots with proofs, one stiff step, parallel work."""
