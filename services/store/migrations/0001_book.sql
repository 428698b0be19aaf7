-- The book: head, events, tags, subtrees, files. Every key begins with book_id, so that the tables are
-- partitioned by book today and can be distributed by book tomorrow.

CREATE TABLE book (
    book_id uuid PRIMARY KEY,
    size bigint NOT NULL DEFAULT 0 CHECK (size >= 0),
    chain bytea NOT NULL CHECK (length(chain) = 32),
    frontier bytea NOT NULL DEFAULT '',
    last_recorded_at timestamptz
) WITH (fillfactor = 50);

CREATE TABLE event (
    book_id uuid NOT NULL,
    position bigint NOT NULL CHECK (position > 0),
    recorded_at timestamptz NOT NULL,
    type text COLLATE "C" NOT NULL,
    series text COLLATE "C",
    number bigint,
    command_id text COLLATE "C",
    ordinal integer,
    leaf bytea NOT NULL CHECK (length(leaf) = 32),
    chain bytea NOT NULL CHECK (length(chain) = 32),
    body bytea NOT NULL,
    PRIMARY KEY (book_id, position),
    CHECK ((series IS NULL) = (number IS NULL))
) PARTITION BY HASH (book_id);

CREATE TABLE event_tag (
    book_id uuid NOT NULL,
    tag text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    nth smallint NOT NULL,
    PRIMARY KEY (book_id, tag, position)
) PARTITION BY HASH (book_id);

-- Roots of complete subtrees, every eighth level: proofs read these instead of all leaves.
CREATE TABLE subtree (
    book_id uuid NOT NULL,
    level smallint NOT NULL,
    nth bigint NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (book_id, level, nth)
) PARTITION BY HASH (book_id);

CREATE TABLE file (
    book_id uuid NOT NULL,
    digest text COLLATE "C" NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
    media_type text NOT NULL,
    name text NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (book_id, digest)
) PARTITION BY HASH (book_id);

DO $$
BEGIN
    FOR part IN 0..7 LOOP
        EXECUTE format('CREATE TABLE event_%s PARTITION OF event '
            'FOR VALUES WITH (MODULUS 8, REMAINDER %s)', part, part);
        EXECUTE format('CREATE TABLE event_tag_%s PARTITION OF event_tag '
            'FOR VALUES WITH (MODULUS 8, REMAINDER %s)', part, part);
        EXECUTE format('CREATE TABLE subtree_%s PARTITION OF subtree '
            'FOR VALUES WITH (MODULUS 8, REMAINDER %s)', part, part);
        EXECUTE format('CREATE TABLE file_%s PARTITION OF file '
            'FOR VALUES WITH (MODULUS 8, REMAINDER %s)', part, part);
    END LOOP;
END $$;

-- A command once, a number once: the database refuses the second too.
CREATE UNIQUE INDEX event_command ON event (book_id, command_id, ordinal)
    WHERE command_id IS NOT NULL;
CREATE UNIQUE INDEX event_number ON event (book_id, series, number)
    WHERE series IS NOT NULL;

-- Append-only, first wall: triggers, on each partition as well (TRUNCATE and direct access).
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: what is recorded stays', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION refuse_shrinking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.book_id <> OLD.book_id OR NEW.size <= OLD.size
       OR NEW.last_recorded_at IS NULL OR NEW.last_recorded_at < OLD.last_recorded_at THEN
        RAISE EXCEPTION 'a book only grows' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER book_grows BEFORE UPDATE ON book
    FOR EACH ROW EXECUTE FUNCTION refuse_shrinking();
CREATE TRIGGER book_stays BEFORE DELETE ON book
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER book_is_not_emptied BEFORE TRUNCATE ON book
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['event', 'event_tag', 'subtree', 'file'] LOOP
        EXECUTE format('CREATE TRIGGER %s_stays BEFORE UPDATE OR DELETE ON %I '
            'FOR EACH ROW EXECUTE FUNCTION refuse_change()', name, name);
        EXECUTE format('CREATE TRIGGER %s_is_not_emptied BEFORE TRUNCATE ON %I '
            'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name, name);
        FOR part IN 0..7 LOOP
            EXECUTE format('CREATE TRIGGER %s_is_not_emptied BEFORE TRUNCATE ON %I '
                'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
                name || '_' || part, name || '_' || part);
        END LOOP;
    END LOOP;
END $$;

-- Second wall: grants. The application inserts and selects; only the head row moves.
GRANT USAGE ON SCHEMA public TO paraphe_app, paraphe_replay;
GRANT SELECT, INSERT ON book, event, event_tag, subtree, file TO paraphe_app;
GRANT UPDATE (size, chain, frontier, last_recorded_at) ON book TO paraphe_app;
GRANT SELECT ON book, event, event_tag, subtree, file TO paraphe_replay;

-- Row-level security: without a book named in the transaction the application sees nothing.
CREATE FUNCTION current_book() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('paraphe.book_id', true), '')::uuid;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['book', 'event', 'event_tag', 'subtree', 'file'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_book ON %I TO paraphe_app '
            'USING (book_id = current_book()) WITH CHECK (book_id = current_book())', name);
        EXECUTE format('CREATE POLICY every_book ON %I FOR SELECT TO paraphe_replay '
            'USING (true)', name);
    END LOOP;
END $$;
