"""Numbers for rankings and for means: recall, MRR, nDCG, intervals, paired differences.

Rankings are lists of clause ids, best first; `relevant` grades clause ids 0 to 2. What it does
not know: questions, answers, systems.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

_SAMPLES = 2000
_SEED = 20261122


def recall(ranking: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """1.0 where one of the best-graded clauses is among the first k, else 0.0."""
    best = max(relevant.values(), default=0)
    wanted = {one for one, grade in relevant.items() if grade == best}
    return float(bool(wanted.intersection(ranking[:k])))


def reciprocal_rank(ranking: Sequence[str], relevant: Mapping[str, int]) -> float:
    """1 / place of the first relevant clause; 0.0 where there is none."""
    places = (place for place, one in enumerate(ranking, 1) if relevant.get(one, 0) > 0)
    return 1 / next(places, math.inf)


def ndcg(ranking: Sequence[str], relevant: Mapping[str, int], k: int = 10) -> float:
    """Normalised discounted cumulative gain of the first k, gains 2^grade - 1."""
    gains = [2 ** relevant.get(one, 0) - 1 for one in ranking[:k]]
    ideal = sorted((2**grade - 1 for grade in relevant.values()), reverse=True)[:k]
    best = _discounted(ideal)
    return _discounted(gains) / best if best else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))


@dataclass(frozen=True)
class Mean:
    """A mean with its 95 % bootstrap interval, over `count` questions."""

    mean: float
    low: float
    high: float
    count: int


def mean(values: Sequence[float]) -> Mean:
    """The mean of the values, resampled with a fixed seed; all nan where there is none."""
    if not values:
        return Mean(math.nan, math.nan, math.nan, 0)
    held = np.asarray(values, dtype=float)
    low, high = np.percentile(_resampled(held), [2.5, 97.5])
    return Mean(float(held.mean()), float(low), float(high), len(held))


def paired(ours: Mapping[str, float], theirs: Mapping[str, float]) -> Mean:
    """The mean difference ours - theirs over the questions that both answered."""
    common = sorted(ours.keys() & theirs.keys())
    return mean([ours[one] - theirs[one] for one in common])


def _resampled(values: np.ndarray) -> np.ndarray:
    chosen = np.random.default_rng(_SEED).integers(0, len(values), (_SAMPLES, len(values)))
    return np.asarray(values[chosen].mean(axis=1))


@dataclass(frozen=True)
class Refusals:
    """How well a system tells what it can't answer."""

    precision: float
    recall: float
    f1: float


def refusals(refused: Sequence[bool], unanswerable: Sequence[bool]) -> Refusals:
    """Precision, recall and F1 of refusing; 1.0 where there was nothing to refuse and none was."""
    right = sum(a and b for a, b in zip(refused, unanswerable, strict=True))
    precision = right / sum(refused) if any(refused) else float(not any(unanswerable))
    found = right / sum(unanswerable) if any(unanswerable) else float(not any(refused))
    both = precision + found
    return Refusals(precision, found, 2 * precision * found / both if both else 0.0)
