"""Searching lists for words: no accents, no capitals, anywhere in what a row says of itself.

PostgreSQL comes without its extensions for this, so rows keep their words folded, and a search is
a plain LIKE over one book.
"""

import unicodedata
from collections.abc import Iterable


def folded(text: str) -> str:
    """The text without accents, capitals and doubled spaces."""
    if text.isascii():  # most words are, and a look at each letter is what takes time
        return " ".join(text.lower().split())
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(x for x in parts if not unicodedata.combining(x)).split())


def words_of(texts: Iterable[str]) -> str:
    """What a search finds a row by: its texts, folded, one a line."""
    return "\n".join(folded(text) for text in texts if text)


def says(*columns: str) -> str:
    """The condition that one of these columns has the words of %(pattern)s, where rows keep none.

    Folded by PostgreSQL at each question: for lists that are narrow already.
    """
    text = f"concat_ws(E'\\n', {', '.join(columns)})"
    # Taken apart before it is lowered: in collation "C" only ASCII has small letters.
    plain = f"replace(lower(normalize({text}, NFKD)), 'ß', 'ss')"
    bare = f"regexp_replace({plain}, '[\u0300-\u036f]', '', 'g')"
    # Most words are ASCII: of those there is nothing to take apart.
    is_ascii = f"octet_length({text}) = length({text})"
    return f"CASE WHEN {is_ascii} THEN lower({text}) ELSE {bare} END LIKE %(pattern)s"


def names(table: str) -> str:
    """The condition that the third party's name has the words, where a table keeps the names."""
    return (
        f"party IN (SELECT who.party FROM {table} AS who "  # noqa: S608  ours
        f"WHERE who.book_id = %(book)s AND {says('who.name')})"
    )


def pattern(asked: str) -> str:
    """The LIKE pattern of a search: each character stands for itself."""
    escaped = folded(asked).replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"
