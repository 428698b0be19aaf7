-- The poll of the workers, of the outbox and of the sealing asks which books have grown lately, not all of
-- the shelf. Costs a command one entry, at the right end of this index.

CREATE INDEX book_grown ON book (last_recorded_at) INCLUDE (size);
