"""What noise does to a critical start on the sphere, by brute force: runs that are kicked, thresholds searched anew.

Equal weights, variance 1, the free energy: the flow of (m1, m2, c) by its definition, averages by the trapezoidal rule,
many runs at once by Runge and Kutta's rule, log x_c by searches in 33 parts.
"""

import numpy as np
from scipy.stats import norm

FINE, COARSE = (0.15, 0.02), (0.3, 0.05)  # nodes and steps: so near that second slopes are good, and first ones
AFTER = 15.0
KICK = 1e-3  # of log x, and of m1 + m2 over R^2


class Kicks:
    """Runs of one target under one schedule."""

    def __init__(self, target, schedule, rule=FINE):
        spacing, self.step = rule
        self.nodes = np.arange(-8.1, 8.1 + 0.5 * spacing, spacing)
        self.masses = norm.pdf(self.nodes) / norm.pdf(self.nodes).sum()
        self.radius, self.bias = target.separation, target.half_log_odds
        self.schedule = schedule
        self.corners = [*schedule.breakpoints, schedule.settling_time(1e-9) + AFTER]

    def shares(self, cosine):
        """Responsibility of the other mean, at the nodes; distances are in standard deviations."""
        distance = self.radius * np.sqrt(np.maximum(2 - 2 * cosine, 0))[..., None]
        return 1 / (1 + np.exp(distance * self.nodes + 0.5 * distance**2))

    def rates(self, y, temperature):
        m1, m2, cosine = y
        r, square = self.shares(cosine), self.radius**2
        push = temperature * ((r - r**2) @ self.masses)
        psi_1, psi_2 = (np.tanh(m[..., None] + self.bias + self.radius * self.nodes) @ self.masses for m in (m1, m2))
        return np.array([
            psi_1 / 2 * (square - m1**2 / square) + push * (m1 * cosine - m2),
            psi_2 / 2 * (square - m2**2 / square) + push * (m2 * cosine - m1),
            (psi_1 * (m2 - m1 * cosine) + psi_2 * (m1 - m2 * cosine)) / (2 * square) - 2 * push * (1 - cosine**2),
        ])  # fmt: skip

    def run(self, y, begin, end):
        """States at the end, from the begin."""
        for first, last in zip([begin, *self.corners], self.corners, strict=False):
            first, last = max(first, begin), min(last, end)
            count = int(np.ceil(max(last - first, 0) / self.step - 1e-9))
            for i in range(count):
                length = (last - first) / count
                place = [first + (i + share) * length for share in (1e-9, 0.5, 1 - 1e-9)]
                hot = [float(self.schedule.temperature(one)) for one in place]
                a = self.rates(y, hot[0])
                b = self.rates(y + length / 2 * a, hot[1])
                c = self.rates(y + length / 2 * b, hot[1])
                d = self.rates(y + length * c, hot[2])
                y = y + length / 6 * (a + 2 * b + 2 * c + d)
            if last == end:
                break
        return y

    def placed(self, log_x, total, cosine):
        """(m1, m2, c) of log x, m1 + m2 and c."""
        gap = np.exp(log_x) * self.radius**2 * np.sqrt(2 - 2 * cosine)
        return np.array([(total + gap) / 2, (total - gap) / 2, cosine + 0 * gap])

    def read(self, y):
        gap = self.radius**2 * np.sqrt(2 - 2 * y[2])
        return np.log((y[0] - y[1]) / gap), y[0] + y[1], y[2]

    def thresholds(self, begin, totals, cosines, guess):
        """log x_c of states at a time, to 1e-6; those below collapse. `guess` is within 0.5 of all."""
        low, high = np.full(len(totals), guess - 0.5), np.full(len(totals), guess + 0.5)
        for _ in range(4):
            places = low[:, None] + (high - low)[:, None] * np.arange(1, 33) / 33
            starts = self.placed(places.ravel(), np.repeat(totals, 32), np.repeat(cosines, 32))
            last = self.run(starts, begin, self.corners[-1])
            edge, wide = (last[0] * last[1] > 0).reshape(places.shape).sum(axis=1), (high - low) / 33
            low, high = low + edge * wide, low + (edge + 1) * wide
        return (low + high) / 2

    def covector(self, begin, log_x, total, cosine):
        """State of a run on the separatrix at a time, and there p_x, p_M and p_c in units of p_x at the start."""
        places = log_x + KICK * np.array([0, 1, -1])
        x, totals, cosines = self.read(self.run(self.placed(places, total, cosine), 0.0, begin))
        aside, turned = KICK * self.radius**2 * np.array([1, -1, 0, 0]), KICK * np.array([0, 0, 1, -1])
        around = np.append(totals, totals[0] + aside), np.append(cosines, cosines[0] + turned)
        found = self.thresholds(begin, *around, x[0])
        by_x = 2 * KICK / ((x[1] - found[1]) - (x[2] - found[2]))  # of a distance that the flow keeps
        by_sum = -by_x * (found[3] - found[4]) / (2 * KICK * self.radius**2)
        return (x[0], totals[0], cosines[0]), by_x, by_sum, -by_x * (found[5] - found[6]) / (2 * KICK)
