"""Words: BM25 over characters, words, pairs, 文号, clause numbers and amounts.

Vectors blur exactly what tells one policy from another: names, years, figures. What this
module does not know: clauses and documents. A row is a number; its text was given at build.
"""

import json
import logging
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rjieba
from numpy.typing import NDArray

from corpus.errors import IndexStoreError

HEADING_WEIGHT = 0.3  # of the text's weight; the best of those tried on statutes
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\u3007"
_HAN_CHARACTER = re.compile(f"[{_HAN}]")
_HAN_RUN = re.compile(f"[{_HAN}]{{2,}}")
_DOCUMENT_NUMBER = re.compile(
    rf"([{_HAN}]{{0,14}})\s*[〔\[（(﹝【]\s*(\d{{4}})\s*[〕\]）)﹞】]\s*第?\s*(\d+)\s*号"
)
# What stands before a 文号 in running text, and never inside one's letters: 根据财税〔2018〕99号
_LEAD = re.compile(r".*(?:请问|根据|按照|依据|依照|参照|执行|落实|印发|关于|文件|文号|[的与及见])")
_ANNOUNCEMENT = re.compile(r"(\d{4})年\s*第\s*(\d+)\s*号")
_ORDER = re.compile(r"第\s*(\d+)\s*号")
_PLACE = re.compile(r"第[一二三四五六七八九十百千零〇\d]+[编章节条款项]")
_AMOUNT = re.compile(
    r"(\d[\d,]*(?:\.\d+)?)\s?(?:([%‰])|([百千]?万亿?|[百千]|亿)?\s?"
    r"(元|户|家|项|人|个|名|件|倍|天|次|批|类|级|条|亩|吨|平方米|公里)?)"
)
_LATIN = re.compile(r"(?<![a-z0-9])[a-z0-9&+.\-]*[a-z][a-z0-9&+.\-]*")


def terms(text: str) -> list[str]:
    """Return the terms of a simplified text, lower-cased, repeated as often as they occur.

    Words, pairs of neighbouring characters (they find what a dictionary cuts wrong), and whole
    what a cut would blur; a term found two ways counts once. Single characters tell too little
    to be terms; the index knows them all the same.

    >>> terms("补助20亿元")
    ['补助', '20', '亿元', '20亿', '20亿元']
    """
    lowered = text.lower()
    words = [word for word in rjieba.cut_for_search(lowered) if _is_word(word)]
    seen = set(words)
    others = (term for term in (*_pairs(lowered), *_whole(lowered)) if term not in seen)
    return [*words, *others]


def _indexed(text: str) -> list[str]:
    """Terms and characters: characters lift recall on statutes and on plans alike."""
    return [*_HAN_CHARACTER.findall(text), *terms(text)]


def _is_word(word: str) -> bool:
    return any(map(str.isalnum, word)) and not _HAN_CHARACTER.fullmatch(word)


def _pairs(lowered: str) -> Iterator[str]:
    for run in _HAN_RUN.findall(lowered):
        yield from (run[i : i + 2] for i in range(len(run) - 1))


def _whole(lowered: str) -> Iterator[str]:
    """文号, clause numbers, amounts, names like r&d. No years: a title's weighs enough."""
    for letters, year, number in _DOCUMENT_NUMBER.findall(lowered):
        yield f"〔{year}〕{number}号"
        name = _LEAD.sub("", letters)
        if name:
            yield f"{name}〔{year}〕{number}号"
    yield from (f"{year}年第{number}号" for year, number in _ANNOUNCEMENT.findall(lowered))
    yield from (f"第{number}号" for number in _ORDER.findall(lowered))
    yield from _PLACE.findall(lowered)
    for number, percent, scale, unit in _AMOUNT.findall(lowered):
        yield from _amount(number.replace(",", ""), percent or scale, unit)
    yield from (word for word in _LATIN.findall(lowered) if not word.isalpha())


def _amount(number: str, scale: str, unit: str) -> Iterator[str]:
    """20亿 and 20亿元 both, so that one is found by the other."""
    if scale:
        yield number + scale
    if unit:
        yield number + scale + unit


class Field:
    """The BM25 scores of one field: for each term the rows with it, and what each gets for it.

    bm25s computes and writes them; reading needs no more than this.
    """

    def __init__(self, terms_known: Mapping[str, int], scores: Mapping[str, Any]) -> None:
        self._terms = terms_known
        self._starts, self._rows, self._gains = (
            scores[name] for name in ("indptr", "indices", "data")
        )
        self.rows = int(scores["num_docs"])

    @classmethod
    def load(cls, folder: Path) -> "Field":
        """Open what bm25s saved, memory-mapped; raises OSError or ValueError when broken."""
        settings = json.loads((folder / "params.index.json").read_bytes())
        known = json.loads((folder / "vocab.index.json").read_bytes())
        found = {
            name: np.asarray(np.load(folder / f"{name}.csc.index.npy", mmap_mode="r"))
            for name in ("indptr", "indices", "data")
        }
        return cls(known, found | {"num_docs": settings["num_docs"]})

    def __contains__(self, term: str) -> bool:
        return term in self._terms

    def rows_with(self, term: str) -> int:
        """In how many rows the term occurs."""
        place = self._terms.get(term)
        return 0 if place is None else int(self._starts[place + 1] - self._starts[place])

    def add(self, scores: NDArray[np.float32], query: Sequence[str], weight: float = 1.0) -> None:
        """Add to each row's score what the terms of the query give it, times the weight."""
        for term, count in Counter(query).items():
            place = self._terms.get(term)
            if place is not None:
                part = slice(self._starts[place], self._starts[place + 1])
                # A term has each of its rows once, so that none is added to twice here.
                scores[self._rows[part]] += self._gains[part] * np.float32(weight * count)


class KeywordIndex:
    """BM25 over two fields of the same rows: the text, and the headings above it."""

    def __init__(self, text: Field, headings: Field) -> None:
        self._text = text
        self._headings = headings
        self.rows = text.rows

    @classmethod
    def load(cls, folder: Path) -> "KeywordIndex":
        """Open what `write_words` wrote; raises OSError or ValueError when it is broken."""
        return cls(Field.load(folder / "text"), Field.load(folder / "headings"))

    def scores(self, text: str) -> NDArray[np.float32]:
        """The BM25 score of every row for a simplified query; zeros when no term is known."""
        query = _indexed(text)
        scores = np.zeros(self.rows, np.float32)
        self._text.add(scores, query)
        self._headings.add(scores, query, HEADING_WEIGHT)
        return scores

    def search(
        self, text: str, limit: int, mask: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Up to `limit` (row, score), best first, equal scores in row order.

        Rows without any term of the query, and rows where the mask is False, never come back.
        """
        return best_rows(self.scores(text), limit, mask)

    def knows(self, term: str) -> bool:
        """Whether the term, as `terms` gives it, or the character, occurs in any row."""
        return term in self._text or term in self._headings

    def idf(self, term: str) -> float:
        """How telling the term is: log of rows by rows with it, largest for one never seen."""
        count = self._text.rows_with(term) or self._headings.rows_with(term)
        return math.log(1 + (self.rows - count + 0.5) / (count + 0.5))


def best_rows(
    scores: NDArray[np.float32], limit: int, mask: NDArray[np.bool_] | None = None
) -> list[tuple[int, float]]:
    """See `KeywordIndex.search`; for a caller who also needs the other rows' scores."""
    if mask is not None:
        scores = np.where(mask, scores, np.float32(0))
    rows = np.flatnonzero(scores > 0)
    if len(rows) > limit:  # sorting them all would cost more than the search
        least = np.partition(scores[rows], -limit)[-limit]
        rows = rows[scores[rows] >= least]
    best = rows[np.argsort(-scores[rows], kind="stable")[:limit]]
    return [(int(row), float(scores[row])) for row in best]


def write_words(folder: Path, texts: Sequence[str], headings: Sequence[str]) -> None:
    """Index texts[row] with headings[row]; raises IndexStoreError when there is no row."""
    import bm25s  # type: ignore[import-untyped]  # half a second that no question has to wait

    if not texts:
        raise IndexStoreError("没有任何文字可建关键词索引。请检查文件夹里是否有政策文件。")
    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it prints by a handler of its own
    for name, rows in (("text", texts), ("headings", headings)):
        field = bm25s.BM25()
        # A row without any term gets the empty one: bm25s divides by the mean length.
        field.index([_indexed(row) or [""] for row in rows], show_progress=False)
        field.save(folder / name, show_progress=False)
