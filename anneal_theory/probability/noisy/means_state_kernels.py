"""The state of two means as compiled training with noise keeps it, from other coordinates and to them.

y = (c1, c2, g11, g12, g22, v): overlaps in units of R, the Gram matrix of the parts across the axis, and the variance.
"""

import math

from anneal_theory._compiled import kernel
from anneal_theory.formulas import pair_coordinates, sphere_flow

_LEAST = 1e-15  # of the distance of two means over R, where a cosine is a quotient by it
_INSIDE = 1e-12  # by which the sum of two means stays shorter than along the axis

_compiled = kernel(error_model="numpy")
_distance_squared = _compiled(pair_coordinates.distance_squared)
_distance_of = _compiled(pair_coordinates.distance_of)
_across_products = _compiled(pair_coordinates.across_products)
_overlaps, _sum_of_overlaps = _compiled(sphere_flow.sphere_overlaps), _compiled(sphere_flow.sum_of_overlaps)
_cosine_of_difference = _compiled(sphere_flow.cosine_of_difference)
_turned_cosine = _compiled(sphere_flow.turned_cosine)


@kernel(error_model="numpy")
def lengths(y):
    """(length of the difference across the axis, distance of the means) of a state."""
    spread = math.sqrt(max(_distance_squared(y[2], y[3], y[4]), 0.0))
    return spread, _distance_of(y[0] - y[1], spread, 1.0)


@kernel(error_model="numpy")
def place(y, out):
    """Coordinates of both means along the axis, along the rest of their difference, and along a third axis."""
    spread, distance = lengths(y)
    along = (y[2] - y[3]) / spread if spread > 0.0 else math.sqrt(max(y[2], 0.0))
    out[0, 0], out[0, 1] = y[0], along
    out[1, 0], out[1, 1] = y[1], along - spread
    out[0, 2] = out[1, 2] = math.sqrt(max(y[2] - along * along, 0.0))
    return distance


@kernel(error_model="numpy")
def gather(places, y):
    """The state of means at these coordinates, but for the variance."""
    y[0], y[1] = places[0, 0], places[1, 0]
    y[2] = places[0, 1] ** 2 + places[0, 2] ** 2
    y[3] = places[0, 1] * places[1, 1] + places[0, 2] * places[1, 2]
    y[4] = places[1, 1] ** 2 + places[1, 2] ** 2


@kernel(error_model="numpy")
def project(y, radius):
    """Take both means back to the length R."""
    first, second = radius / math.sqrt(y[0] * y[0] + y[2]), radius / math.sqrt(y[1] * y[1] + y[4])
    y[0], y[1] = first * y[0], second * y[1]
    y[2], y[3], y[4] = first * first * y[2], first * second * y[3], second * second * y[4]


@kernel(error_model="numpy")
def hold(y, m1, m2, cosine, radius):
    """Set means on the sphere to these overlaps and this cosine of the pair."""
    square = radius * radius
    y[0], y[1] = m1 / radius, m2 / radius
    first, y[3], second = _across_products(m1, m2, square, square * cosine, square, radius)
    y[2], y[4] = max(first, 0.0), max(second, 0.0)


@kernel(error_model="numpy")
def set_pair(y, x, total, cosine, radius):
    """Set means of this cosine to the cosine x of their difference with the axis and to this m1 + m2."""
    cosine = min(max(cosine, -1.0 + 1e-15), 1.0 - 1e-15)
    most = _sum_of_overlaps(1.0, cosine, radius) * (1.0 - _INSIDE)
    total = min(max(total, -most), most)
    x = min(x, _turned_cosine(1.0, total / most * (1.0 - 0.5 * _INSIDE)))
    m1, m2, _ = _overlaps(x, total, cosine, radius)
    hold(y, m1, m2, cosine, radius)


@kernel(error_model="numpy")
def distance_at(cosine, radius):
    """Distance of two means on the sphere, above 0; rounding may put their cosine a little beyond 1."""
    return max(_overlaps(0.0, 0.0, min(cosine, 1.0), radius)[2], _LEAST * radius)


@kernel(error_model="numpy")
def cosines(y, radius):
    """(cosine of the difference with the axis, m1 + m2, cosine of the pair, distance) of a state on the sphere."""
    m1, m2, cosine = radius * y[0], radius * y[1], (y[3] + y[0] * y[1]) / (radius * radius)
    distance = distance_at(cosine, radius)
    return _cosine_of_difference(m1, m2, distance, radius), m1 + m2, cosine, distance
