"""How sure a share of seeds is."""

import math


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share (E. B. Wilson 1927); (0, 1) without trials."""
    if not trials:
        return 0.0, 1.0
    z = 1.959964
    share = successes / trials
    center = share + z**2 / (2 * trials)
    half = z * math.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    low, high = (center - half) / (1 + z**2 / trials), (center + half) / (1 + z**2 / trials)
    return round(max(low, 0.0), 4), round(min(high, 1.0), 4)
