-- The outbox: how far each book stands in the stream of events, which is transport and never truth. What
-- has not been published is found by comparing with the book itself, so nothing else is kept.

CREATE TABLE outbox (
    book_id uuid PRIMARY KEY,
    position bigint NOT NULL CHECK (position >= 0),
    sequence bigint NOT NULL CHECK (sequence >= 0),
    epoch text COLLATE "C" NOT NULL,
    moved_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

-- One row, so that several installations may share a NATS without taking each other's work.
CREATE TABLE installation (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    installation_id uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO installation DEFAULT VALUES;

ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY every_book ON outbox TO paraphe_replay USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON outbox TO paraphe_replay;
GRANT SELECT ON installation TO paraphe_replay;
