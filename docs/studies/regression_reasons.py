"""Why calls of public functions take longer than in the earlier tree that `regressions.json` compares them with.

A reason belongs to a call by its name, or by the name of its function (up to the comma) for all calls of it. A test
asks that every call has one whose lowest ratio is above 1.1.
"""

REASONS = {
    "from_callable": "looked through for jumps and bumps at 300,000 times when it is made; the earlier tree saw none",
    "Ball.to_dict": "microseconds: its numbers get as many digits as read back equal",
    "Outcomes.to_xarray": "microseconds of xarray: whether a replica is undecided or diverged are variables too",
    "AdaAnn.next_beta": "microseconds: NumPy's error state is the package's own inside, and the array is checked",
}


def reason(call: str) -> str:
    """Why a call takes longer; empty where nobody has said."""
    return REASONS.get(call) or REASONS.get(call.partition(", ")[0], "")
