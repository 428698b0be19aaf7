"""Every statement of the pen, in one place: a test EXPLAINs each on a book without statistics.

None of them joins: positions come from sub-selects on the tag index, so that each has one plan
that does not depend on statistics.
"""

ENTER = "SELECT set_config('paraphe.book_id', %(book)s, true)"

LOCK = """
SELECT size, chain, frontier, last_recorded_at FROM book WHERE book_id = %(book)s FOR UPDATE
"""

HEAD = "SELECT size, chain, frontier, last_recorded_at FROM book WHERE book_id = %(book)s"

CLOCK = "SELECT clock_timestamp()"

# With the clock: it is read once the book is locked, so that it never runs backwards in a book.
FIRST_OF_COMMANDS = """
SELECT clock_timestamp(), wanted.id, (
    SELECT position FROM event
    WHERE book_id = %(book)s AND command_id = wanted.id AND ordinal = 0
)
FROM unnest(%(commands)s::text[]) AS wanted (id)
"""

OF_COMMAND = """
SELECT position, recorded_at, type, body FROM event
WHERE book_id = %(book)s AND command_id = %(command)s ORDER BY ordinal
"""

OF_TAGS = """
SELECT position, recorded_at, type, body FROM event
WHERE book_id = %(book)s AND position = ANY(ARRAY(
    SELECT position FROM event_tag
    WHERE book_id = %(book)s AND tag = ANY(%(tags)s::text[]) AND position <= %(upto)s
))
"""

NEWEST_OF_TAGS = """
SELECT position, recorded_at, type, body FROM event
WHERE book_id = %(book)s AND position = ANY(ARRAY(
    SELECT (
        SELECT position FROM event_tag
        WHERE book_id = %(book)s AND tag = wanted.tag AND position <= %(upto)s
        ORDER BY position DESC LIMIT 1
    ) FROM unnest(%(tags)s::text[]) AS wanted (tag)
))
"""

NEWEST_OF_TAG = """
SELECT position, recorded_at, type, body FROM event
WHERE book_id = %(book)s AND position = (
    SELECT position FROM event_tag
    WHERE book_id = %(book)s AND tag = %(tag)s AND position <= %(upto)s
    ORDER BY position DESC LIMIT 1
)
"""

AT = """
SELECT position, recorded_at, type, body FROM event
WHERE book_id = %(book)s AND position = ANY(%(positions)s::bigint[])
"""

PAGE = """
SELECT position, recorded_at, type, body FROM event
WHERE book_id = %(book)s AND position > %(after)s AND position <= %(upto)s
ORDER BY position LIMIT %(limit)s
"""

LEAVES = """
SELECT leaf FROM event WHERE book_id = %(book)s AND position <= %(upto)s ORDER BY position
"""

# One statement for everything a transaction adds; it writes nothing unless the head still stands
# where it stood when it was locked. Arrays travel in binary (%b): escaped as text they cost up to a
# third of the CPU time of an append.
APPEND = """
WITH head AS (
    UPDATE book SET size = %(size)s, chain = %(chain)s, frontier = %(frontier)s,
        last_recorded_at = %(recorded_at)s
    WHERE book_id = %(book)s AND size = %(old_size)s
    RETURNING book_id
), appended AS (
    INSERT INTO event (book_id, position, recorded_at, type, series, number, command_id, ordinal,
        leaf, chain, body)
    SELECT head.book_id, new.position, %(recorded_at)s, new.type, new.series, new.number,
        new.command_id, new.ordinal, new.leaf, new.chain, new.body
    FROM head, unnest(%(positions)b::bigint[], %(types)b::text[], %(series)b::text[],
        %(numbers)b::bigint[], %(commands)b::text[], %(ordinals)b::integer[],
        %(leaves)b::bytea[], %(chains)b::bytea[], %(bodies)b::bytea[])
        AS new (position, type, series, number, command_id, ordinal, leaf, chain, body)
), tagged AS (
    INSERT INTO event_tag (book_id, tag, position, nth)
    SELECT head.book_id, new.tag, new.position, new.nth
    FROM head, unnest(%(tags)b::text[], %(tagged)b::bigint[], %(nths)b::smallint[])
        AS new (tag, position, nth)
)
SELECT count(*) FROM head
"""

KEEP_SUBTREES = """
INSERT INTO subtree (book_id, level, nth, hash)
SELECT %(book)s, new.level, new.nth, new.hash
FROM unnest(%(levels)s::smallint[], %(nths)s::bigint[], %(hashes)s::bytea[])
    AS new (level, nth, hash)
"""

KEEP = """
INSERT INTO file (book_id, digest, media_type, name, content)
VALUES (%(book)s, %(digest)s, %(media_type)s, %(name)s, %(content)s) ON CONFLICT DO NOTHING
"""

FILE = """
SELECT media_type, name, content FROM file WHERE book_id = %(book)s AND digest = %(digest)s
"""

OPEN = """
INSERT INTO book (book_id, chain) VALUES (%(book)s, %(chain)s) ON CONFLICT DO NOTHING
"""

NOTIFY = "SELECT pg_notify('paraphe_book', book_id) FROM unnest(%(books)s::text[]) AS t (book_id)"
