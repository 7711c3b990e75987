"""Legal calls that are left out for now: each names what is being mended. Delete an entry when it is."""

import re

from tests.fuzz.calls import Call

KNOWN: tuple[tuple[str, str], ...] = (
    (r"collapse_threshold.*BimodalTarget\((20|38|60)\b.*digits=", "digits of thresholds of distant modes take minutes"),
    (r"(attractors|ending|simulate_flow|train|solve|collapse|choose|compare).*1e-6", "attractors at extreme weights"),
    (r"(attractors|ending)\(.*0\.999\b", "attractors at extreme weights of the family"),
    (r"collapse_threshold.*1e-100.*digits=", "digits of thresholds of schedules over in no time at all"),
    (r"train_mixture\(.*(1e100|1e4)", "runs that diverge on the plain route warn of an overflow"),
    (r"at\.Power\(.*1e-3\)", "schedules that take longer than a double can say to come near T = 1"),
)
"""(pattern of the call's text, what is wrong there)."""


def known(call: Call) -> bool:
    """Whether a legal call meets a fault that is being mended elsewhere."""
    return call.kind == "legal" and any(re.search(pattern, call.text) for pattern, _ in KNOWN)
