"""Find the near-duplicates among 20,000 questions, and those of one new question.

The questions are made of syllables that come as often as words do in real texts (Zipf's law), many begin and end alike
as real ones do, and 1,000 are copies with a few words changed. The steps run in processes of their own, so that the
peak of memory is their own.
"""

import json
import random
import resource
import subprocess
import sys
from itertools import accumulate, product
from time import perf_counter

from question_bank.duplicates import Prepared, near_duplicates, nearest
from scripts.bench.figures import finish, show

QUESTIONS = 20_000
#: how many of them are copies
PLANTED = 1_000
SECONDS = 60
MEGABYTES = 500
MILLISECONDS = 50
#: questions asked one after the other, each as if it were new
_ASKED = 20
_BEGINNINGS = (
    "Theo quy định của pháp luật hiện hành,",
    "Phát biểu nào sau đây là đúng về",
    "Cơ quan nào có thẩm quyền",
)
_LAST = ("Tất cả các phương án trên", "Cả A và B đều đúng", "Không có phương án nào đúng")


def main() -> None:
    """Measure and print."""
    all_pairs, family, one = (_step(step) for step in ("all", "family", "one"))
    show(f"{QUESTIONS:,} questions: every pair", all_pairs["seconds"], "s", at_most=SECONDS)
    show("peak memory, with the questions and the libraries", all_pairs["megabytes"], "MB", at_most=MEGABYTES)
    show("more than when the search began", all_pairs["more"], "MB")
    show("planted copies found", all_pairs["found"], "copies", at_least=PLANTED)
    show("pairs beside them", all_pairs["others"], "pairs")
    show(f"{QUESTIONS:,} questions that differ in one number: every pair", family["seconds"], "s", at_most=SECONDS)
    show("peak memory", family["megabytes"], "MB", at_most=MEGABYTES)
    show(f"{QUESTIONS:,} questions made ready for new ones", one["ready"], "s")
    show("one new question among them", one["milliseconds"], "ms", at_most=MILLISECONDS)
    finish()


def _step(step: str) -> dict[str, float]:
    command = [sys.executable, "-m", "scripts.bench.duplicates", step]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _do(step: str) -> dict[str, float]:
    if step == "family":
        texts, planted = [f"Thời hạn giải quyết hồ sơ thứ {number} là bao lâu?" for number in range(QUESTIONS)], {}
    else:
        texts, planted = _questions(random.Random(7))
    if step == "one":
        return _ask(texts)
    before, began = _megabytes(), perf_counter()
    pairs = {(pair.first, pair.second) for pair in near_duplicates(texts)}
    seconds, found = perf_counter() - began, sum((first, copy) in pairs for copy, first in planted.items())
    peak = _megabytes()
    measured = {"seconds": seconds, "megabytes": peak, "more": peak - before}
    return {**measured, "found": found, "others": len(pairs) - found}


def _ask(texts: list[str]) -> dict[str, float]:
    began = perf_counter()
    known = Prepared(texts)
    ready, began = perf_counter() - began, perf_counter()
    for text in texts[-_ASKED:]:
        nearest(text, known)
    return {"ready": ready, "milliseconds": (perf_counter() - began) / _ASKED * 1000}


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _questions(source: random.Random) -> tuple[list[str], dict[int, int]]:
    """Return the questions, and of which each copy was made, by index."""
    initials = [
        "b",
        "c",
        "d",
        "đ",
        "g",
        "h",
        "kh",
        "l",
        "m",
        "n",
        "ng",
        "nh",
        "ph",
        "r",
        "s",
        "t",
        "th",
        "tr",
        "v",
        "x",
    ]
    rhymes = ["a", "ai", "an", "ang", "ao", "ât", "ê", "ên", "iêu", "ôn", "ưa", "ương"]
    syllables = ["".join(parts) for parts in product(initials, rhymes)]
    syllables += [f"{syllable}{end}" for syllable in syllables for end in ("", "p", "m", "ch")][
        : 2_000 - len(syllables)
    ]
    source.shuffle(syllables)
    often = list(accumulate(1 / (place + 3) for place in range(len(syllables))))

    def words(least: int, most: int) -> str:
        return " ".join(source.choices(syllables, cum_weights=often, k=source.randint(least, most)))

    texts = []
    for _ in range(QUESTIONS - PLANTED):
        stem = f"{source.choice(_BEGINNINGS)} {words(10, 30)}?" if source.random() < 0.5 else f"{words(12, 35)}?"
        last = source.choice(_LAST) if source.random() < 0.3 else words(3, 12)
        texts.append("\n".join([stem, *(words(3, 12) for _ in range(3)), last]))
    planted = {}
    for first in source.sample(range(len(texts)), PLANTED):
        lines = [line.split(" ") for line in texts[first].split("\n")]
        for _ in range(source.randint(1, 4)):
            line = lines[0 if source.random() < 0.7 else source.randrange(1, len(lines))]
            line[source.randrange(len(line))] = words(1, 1)
        options = [" ".join(line) for line in lines[1:]]
        source.shuffle(options)
        planted[len(texts)] = first
        texts.append("\n".join([" ".join(lines[0]), *options]))
    return texts, planted


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(_do(sys.argv[1])))
    else:
        main()
