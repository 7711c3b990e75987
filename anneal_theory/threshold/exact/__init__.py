"""The threshold by runs to their verdicts, compiled, and bisection between them (theory section 5)."""
