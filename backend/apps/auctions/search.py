"""Full-text search of listings: every word must occur, at least as the beginning of one.

One Latin letter or digit stands for itself: as a beginning it would mean every listing.
The index is the database's own (migration 0002). Words nobody wrote are taken for misspelt and
replaced by those that look most like them, so that "wallnut" finds walnut.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Value

from apps.auctions.models import Auction

WORDS_MAX = 10  # of a query; further ones are not looked at
SIMILARITY_MIN = 0.4  # of trigrams, 1 for equal words; "wallnut" and "walnut" have 0.6
NEAR_WORDS_MAX = 5  # in place of one misspelt word
VOCABULARY_MAX = 20_000  # words compared with a misspelt one

_WORD = re.compile(r"\w+")
_MARKS = re.compile("[\u0300-\u036f]")

#: Tables, condition, rank: constants of this file; what was typed travels as a parameter. A word
#: of the title counts ten times one of the description; Postgres' A and B do much the same.
_SQLITE_MATCH = "auctions_search MATCH %s"
_SQLITE_JOIN = "auctions_search.rowid = auctions_auction.id"
_SQLITE_RANK = "-bm25(auctions_search, 10.0, 1.0)"
_POSTGRES_MATCH = "auctions_search.document @@ to_tsquery('simple', %s)"
_POSTGRES_JOIN = "auctions_search.auction_id = auctions_auction.id"
_POSTGRES_RANK = "ts_rank(auctions_search.document, to_tsquery('simple', %s))"
#: The words of a vocabulary that begin with a letter and are about as long.
_WORDS_FROM = (
    "SELECT {column} FROM auctions_search_words"
    " WHERE {column} >= %s AND {column} < %s AND length({column}) BETWEEN %s AND %s LIMIT %s"
)
_POSTGRES_ALIKE = (
    "SELECT word FROM auctions_search_words WHERE word %% %s"
    " ORDER BY similarity(word, %s) DESC LIMIT %s"
)


def search_auctions(queryset: QuerySet[Auction], text: str) -> QuerySet[Any]:
    """Return those of the queryset that match, with `relevance` to order by (higher is better)."""
    words = _WORD.findall(_folded(text))[:WORDS_MAX]
    if not words:
        return _nothing(queryset)
    engine = _ENGINES[connection.vendor]
    query = engine.wording([[word] for word in words])
    if not engine.any_hit(query):
        choices = [engine.choices(word) for word in words]
        if not all(choices):
            return _nothing(queryset)
        query = engine.wording(choices)
    # A join, so that the database ranks what it found while it finds it; `extra` is Django's only
    # way to a table without a model.
    return queryset.extra(  # noqa: S610
        tables=["auctions_search"],
        where=[engine.match, engine.join],
        params=[query],
        select={"relevance": engine.rank},
        select_params=[query] * engine.rank.count("%s"),
    )


def _nothing(queryset: QuerySet[Auction]) -> QuerySet[Auction]:
    return queryset.none().annotate(relevance=Value(0.0))


def _folded(text: str) -> str:
    """Return the text without case, composed as the listings are."""
    return unicodedata.normalize("NFC", text).lower()


@dataclass(frozen=True, slots=True)
class Engine:
    """How a database searches: its SQL, its query language, the words it knows."""

    match: str
    join: str
    rank: str
    wording: Callable[[Sequence[Sequence[str]]], str]
    vocabulary: Callable[[str], Sequence[str]]

    def any_hit(self, query: str) -> bool:
        """Whether any listing at all matches."""
        with connection.cursor() as cursor:
            sql = f"SELECT 1 FROM auctions_search WHERE {self.match} LIMIT 1"  # noqa: S608
            cursor.execute(sql, [query])
            return cursor.fetchone() is not None

    def choices(self, word: str) -> Sequence[str]:
        """Return a word that occurs as it is, in place of another those most like it."""
        if self.any_hit(self.wording([[word]])):
            return [word]
        plain = _unmarked(word)
        return _near(plain, self.vocabulary(plain))


# -- misspelt words -----------------------------------------------------------------------------


def _near(word: str, vocabulary: Sequence[str]) -> list[str]:
    """Return the words of the vocabulary that look most like a misspelt one, the best first."""
    wanted = _trigrams(word)
    scored = ((_similarity(wanted, _trigrams(other)), other) for other in vocabulary)
    best = sorted((item for item in scored if item[0] >= SIMILARITY_MIN), reverse=True)
    return [other for _, other in best[:NEAR_WORDS_MAX]]


def _words_from(column: str, word: str) -> list[str]:
    """Return the words that begin as the misspelt one does, its first two letters in any order."""
    found: dict[str, None] = {}
    with connection.cursor() as cursor:
        for first in dict.fromkeys(word[:2]):
            length = (len(word) - 2, len(word) + 2)
            cursor.execute(
                _WORDS_FROM.format(column=column),
                [first, chr(ord(first) + 1), *length, VOCABULARY_MAX],
            )
            found.update(dict.fromkeys(row[0] for row in cursor.fetchall()))
    return list(found)


def _is_beginning(word: str) -> bool:
    return len(word) > 1 or not word.isascii()


def _trigrams(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


def _similarity(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)


# -- SQLite -------------------------------------------------------------------------------------


def _sqlite_wording(choices: Sequence[Sequence[str]]) -> str:
    groups = (" OR ".join(map(_sqlite_word, words)) for words in choices)
    return " AND ".join(f"({group})" for group in groups)


def _sqlite_word(word: str) -> str:
    return f'"{word}" *' if _is_beginning(word) else f'"{word}"'


def _sqlite_vocabulary(word: str) -> list[str]:
    return _words_from("term", word)


# -- PostgreSQL ---------------------------------------------------------------------------------


def _postgres_wording(choices: Sequence[Sequence[str]]) -> str:
    groups = (" | ".join(map(_postgres_word, words)) for words in choices)
    return " & ".join(f"({group})" for group in groups)


def _postgres_word(word: str) -> str:
    return f"'{_unmarked(word)}':*" if _is_beginning(word) else f"'{word}'"


def _unmarked(word: str) -> str:
    """Return a word without accents, as the index of migration 0002 has it."""
    marked = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", _MARKS.sub("", marked))


def _postgres_vocabulary(word: str) -> list[str]:
    """Return the words of titles that pg_trgm finds alike; without it those that begin alike."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone() is None:
            return _words_from("word", word)
        cursor.execute(_POSTGRES_ALIKE, [word, word, NEAR_WORDS_MAX])
        return [found for (found,) in cursor.fetchall()]


_ENGINES = {
    "sqlite": Engine(
        _SQLITE_MATCH, _SQLITE_JOIN, _SQLITE_RANK, _sqlite_wording, _sqlite_vocabulary
    ),
    "postgresql": Engine(
        _POSTGRES_MATCH, _POSTGRES_JOIN, _POSTGRES_RANK, _postgres_wording, _postgres_vocabulary
    ),
}
