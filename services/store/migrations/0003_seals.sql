-- Seals: signed notes about a book, with what others said about each: time stamps, witnesses.
-- Append-only like the book itself. Few rows, so not partitioned; every key begins with book_id. No
-- foreign key to the head row: its check would wait for the pen, and the pen for it.

CREATE TABLE seal (
    book_id uuid NOT NULL,
    nth bigint NOT NULL CHECK (nth > 0),
    size bigint NOT NULL CHECK (size > 0),
    root bytea NOT NULL CHECK (length(root) = 32),
    note text NOT NULL,
    sealed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (book_id, nth)
);
CREATE INDEX seal_by_size ON seal (book_id, size);

-- Tokens of RFC 3161 as they came. Bytes outside the signature may differ between two copies of one
-- token, so tokens are never compared or deduplicated by their bytes.
CREATE TABLE seal_timestamp (
    book_id uuid NOT NULL,
    nth bigint NOT NULL,
    ordinal integer NOT NULL CHECK (ordinal > 0),
    stamped_at timestamptz NOT NULL,
    token bytea NOT NULL,
    PRIMARY KEY (book_id, nth, ordinal),
    FOREIGN KEY (book_id, nth) REFERENCES seal
);

CREATE TABLE seal_cosignature (
    book_id uuid NOT NULL,
    nth bigint NOT NULL,
    line text COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, nth, line),
    FOREIGN KEY (book_id, nth) REFERENCES seal
);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['seal', 'seal_timestamp', 'seal_cosignature'] LOOP
        EXECUTE format('CREATE TRIGGER %s_stays BEFORE UPDATE OR DELETE ON %I '
            'FOR EACH ROW EXECUTE FUNCTION refuse_change()', name, name);
        EXECUTE format('CREATE TRIGGER %s_is_not_emptied BEFORE TRUNCATE ON %I '
            'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name, name);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_book ON %I TO paraphe_app '
            'USING (book_id = current_book()) WITH CHECK (book_id = current_book())', name);
        EXECUTE format('CREATE POLICY every_book ON %I FOR SELECT TO paraphe_replay '
            'USING (true)', name);
    END LOOP;
END $$;

GRANT SELECT, INSERT ON seal, seal_timestamp, seal_cosignature TO paraphe_app;
GRANT SELECT ON seal, seal_timestamp, seal_cosignature TO paraphe_replay;
