"""Pairs of texts whose resemblance is known before anybody measures it.

Each text is n + 4 invented words of lower case letters, all different, with one space between two of them: every tokeniser
makes the same n shingles of five words of it, all different. The two texts of a pair begin with the same words and end with
different ones, so that they share the shingles of the beginning and no others. Equal lengths and a common beginning are the
kindest case for sketches that look at some places of a text only.
"""

import json
import random

WORDS = 5  # in a shingle
SIZES = (10, 30, 100, 1000)  # shingles of each text
RESEMBLANCES = (0.2, 0.5, 0.8, 0.95)  # nearly: the nearest that whole shingles can give
CONSONANTS = "bcdfghjklmnprstvz"
VOWELS = "aeiou"


def words(random_, count):
    """`count` different words of three or four syllables."""
    found = {}
    while len(found) < count:
        syllables = random_.choice((3, 3, 4))
        found["".join(random_.choice(CONSONANTS) + random_.choice(VOWELS) for _ in range(syllables))] = None
    return list(found)


def shared(size, resemblance):
    """How many shingles two sets of `size` share at about this resemblance; never all of them."""
    return min(size - 1, round(2 * size * resemblance / (1 + resemblance)))


def cells():
    """(size, shared shingles) that are measured. Of ten shingles nine give 0.82, so that 0.95 falls together with 0.8."""
    return list(dict.fromkeys((size, shared(size, resemblance)) for size in SIZES for resemblance in RESEMBLANCES))


def exact(size, common):
    return common / (2 * size - common)


def pair(random_, size, common):
    length = size + WORDS - 1
    head = common + WORDS - 1 if common else 0
    drawn = words(random_, 2 * length - head)
    return " ".join(drawn[:length]), " ".join(drawn[:head] + drawn[length:])


def insertion(random_, size):
    """A page of lines of ten words, and the same page with one more line on top."""
    drawn = words(random_, size + WORDS - 1 + 10)
    top, rest = drawn[:10], drawn[10:]
    lines = [" ".join(rest[i : i + 10]) for i in range(0, len(rest), 10)]
    return "\n".join(lines), "\n".join([" ".join(top), *lines])


def write(path, pairs):
    """Pairs as JSONL, two lines each."""
    with open(path, "w", encoding="utf-8") as out:
        for texts in pairs:
            for text in texts:
                out.write(json.dumps({"text": text}) + "\n")
