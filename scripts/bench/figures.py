"""Print a figure with its limit beside it; a program ends with status 1 when one falls short."""

import sys

_short = 0


def show(name: str, value: float, unit: str, *, at_most: float | None = None, at_least: float | None = None) -> None:
    """Print one line; without a limit the figure is for information."""
    global _short  # noqa: PLW0603
    limit, verdict = "", ""
    if at_most is not None:
        limit, verdict = f"<= {at_most:g}", "ok" if value <= at_most else "SHORT"
    elif at_least is not None:
        limit, verdict = f">= {at_least:g}", "ok" if value >= at_least else "SHORT"
    _short += verdict == "SHORT"
    print(f"{name:<62} {value:>12,.3f} {unit:<10} {limit:<10} {verdict}", flush=True)


def finish() -> None:
    """End the program, with status 1 when a figure fell short."""
    sys.exit(1 if _short else 0)
