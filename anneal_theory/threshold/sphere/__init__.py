"""The threshold on the sphere in closed form: the linear passage, the antipodal pair, the paper's formula (section 11).

Formulas of the limit of large dimension, equal family weights. `antipodal`: where the antipodal pair loses its
stability, with the constant alpha. `linear_passage`: the sharp formula. `closed_form`: the paper's, and slow cooling.
`rates`: growth rates and the lagging variance with proven digits. `exact` and `digits`: the separatrix itself.
"""
