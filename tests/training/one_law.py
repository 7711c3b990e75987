"""That the ends of one step have one law on both routes of training."""

import numpy as np
from scipy.stats import norm

from tests.budgets import FALSE_ALARM


def assert_one_law(reduced: np.ndarray, plain: np.ndarray) -> None:
    """Means and second moments of numbers, each of shape (runs, n <= 5), agree; sees 9 standard errors of either."""
    centre, spread = plain.mean(axis=0), plain.std(axis=0)
    features = []
    for ends in (reduced, plain):
        z = (ends - centre) / spread
        pairs = np.stack([z[:, i] * z[:, j] for i in range(z.shape[1]) for j in range(i, z.shape[1])], axis=1)
        features.append(np.concatenate([z, pairs], axis=1))
    errors = np.sqrt(sum(np.var(one, axis=0) for one in features) / len(plain))
    gaps = np.abs(features[0].mean(axis=0) - features[1].mean(axis=0))
    # 20 statistics share the budget; products of chi-squares are skewed, hence half as much again
    assert np.all(gaps < 1.5 * norm.isf(FALSE_ALARM / 40) * errors)
