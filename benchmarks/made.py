"""Made-up corpora of any size: a report of each province and year, words by Zipf's law, figures, and questions."""

import random
import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate, product

from corpus.gazetteer import provinces
from corpus.records import Document, Facts, Passage

YEARS = range(2013, 2023)
ONSETS = re.findall(r"\w+", "b c ch d đ g gi h kh l m n ng nh ph qu r s t th tr v x")
RHYMES = re.findall(
    r"\w+", "a an ang anh ao âm ân âng ăm ăn e em en êm ên i inh in iên o oi oan ong ô ôi ôn ơ ơi ơn u ung"
)
TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
DISTINCT = 30_000  # words of two syllables
UNITS = ("điểm", "trạm", "hộ", "thuê bao", "cơ sở", "lượt")


class Made:
    """About `passages` passages in 630 reports; the same numbers make the same corpus."""

    def __init__(self, passages: int, seed: int = 1) -> None:
        self.per_report = max(1, round(passages / (len(YEARS) * len(provinces()))))
        self._random = random.Random(seed)
        spelt = (f"{onset}{rhyme[0]}{tone}{rhyme[1:]}" for onset, rhyme, tone in product(ONSETS, RHYMES, TONES))
        syllables = [unicodedata.normalize("NFC", syllable) for syllable in spelt]
        self._words = [" ".join(self._random.choices(syllables, k=2)) for _ in range(DISTINCT)]
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(DISTINCT)))

    def reports(self) -> Iterator[tuple[Document, list[Passage], list[tuple[str, str]]]]:
        """Each report with its passages, and for each passage (question, answer)."""
        for place, year in product(provinces(), YEARS):
            id, title = f"{place}-{year}", f"Báo cáo năm {year} của Sở Thông tin và Truyền thông tỉnh {place}"
            sentences = [self._sentence(place, year) for _ in range(self.per_report)]
            text = "\n".join(sentence for sentence, _ in sentences)
            at, passages = 0, []
            for number, (sentence, _) in enumerate(sentences):
                passages.append(Passage(id, number, at, at + len(sentence), number // 4, sentence))
                at += len(sentence) + 1
            facts = Facts(title, place, str(year))
            yield Document(id, f"{id}.txt", id, text, facts), passages, [asked for _, asked in sentences]

    def _sentence(self, place: str, year: int) -> tuple[str, tuple[str, str]]:
        words = self._random.choices(self._words, cum_weights=self._weights, k=11)
        noun, unit = " ".join(words[:2]), self._random.choice(UNITS)
        figure = f"{self._random.randint(10, 99)}{self._random.randint(0, 9)} {unit} {noun}"
        sentence = f"{' '.join(words[2:7]).capitalize()} toàn tỉnh có {figure}, {' '.join(words[7:])}."
        return sentence, (f"{place} năm {year} có bao nhiêu {unit} {noun}?", figure)
