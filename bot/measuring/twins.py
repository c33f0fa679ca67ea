"""Near-duplicates: utterances that share nearly all of their pairs of neighbouring characters.

Two texts are compared as sets of character pairs, after the bot's own normalisation and without
punctuation and blanks; an amount is any amount. Their likeness is the size of the common part over
the size of both together (Jaccard). Only texts that can reach the threshold are compared: by size,
and by the few rarest pairs of each, of which two such texts must share one (prefix filtering,
Bayardo and others 2007, "Scaling up all pairs similarity search").
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from components.text import normalise

__all__ = ["SAME", "bare", "find_twins", "pairs_of", "skeleton"]

SAME = 0.8
"""From this likeness on, the second text teaches nothing that the first did not."""
_BESIDE_WORDS = re.compile(r"[\W_]")
_LONG_NUMBER = re.compile(r"\d{3,}")


def bare(raw: str) -> str:
    """A text without what does not count when two are compared.

    Signs alone stay as they are, and so do those beside one or two characters: 嗯 is not 嗯?
    """
    text = normalise(raw)
    words = _BESIDE_WORDS.sub("", text)
    return words if len(words) > 2 else text


def skeleton(raw: str) -> str:
    """The bare text with 0 for each digit of amounts and longer numbers.

    Codes of two digits stay (51 and 91 are different troubles), and so does what is all digits.
    """
    text = bare(raw)
    return text if text.isdigit() else _LONG_NUMBER.sub(lambda run: "0" * len(run[0]), text)


def pairs_of(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a skeleton; the edges count as characters."""
    edged = f"^{text}$"
    return frozenset(edged[place : place + 2] for place in range(len(edged) - 1))


def find_twins(texts: Sequence[str], same: float = SAME) -> Iterator[tuple[int, int, float]]:
    """Places of two texts that are alike, the earlier one first, with their likeness."""
    sets = [pairs_of(skeleton(text)) for text in texts]
    often = Counter(pair for one in sets for pair in one)
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for place, pairs in enumerate(sets):
        rarest = sorted(pairs, key=lambda pair: (often[pair], pair))
        prefix = rarest[: len(pairs) - math.ceil(same * len(pairs)) + 1]
        candidates = {other for pair in prefix for other in holders[pair]}
        for other in sorted(candidates):
            likeness = _likeness(sets[other], pairs, same)
            if likeness >= same:
                yield other, place, likeness
        for pair in prefix:
            holders[pair].append(place)


def _likeness(one: frozenset[str], two: frozenset[str], same: float) -> float:
    small, large = sorted((len(one), len(two)))
    if small < same * large:
        return 0.0
    common = len(one & two)
    return common / (small + large - common)
