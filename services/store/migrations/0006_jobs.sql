-- Jobs: work that a request asks for and a worker does later, and the file that comes of it. Jobs are not
-- facts: what they do to a book they do by commands, whose ids are made of the job's id.

CREATE TABLE job (
    book_id uuid NOT NULL,
    job_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    request text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    asked jsonb NOT NULL,
    state text COLLATE "C" NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'running', 'done', 'failed')),
    done bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    -- When a worker may take it: at once, later after a failure, or when the lease of a worker that
    -- was last heard of before then is over.
    due_at timestamptz NOT NULL DEFAULT now(),
    holder uuid,
    failure jsonb,
    asked_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    expires_at timestamptz,
    digest text COLLATE "C",
    size bigint,
    media_type text,
    name text,
    PRIMARY KEY (book_id, job_id)
);
CREATE INDEX job_due ON job (due_at) WHERE state IN ('queued', 'running');
CREATE INDEX job_expired ON job (expires_at) WHERE expires_at IS NOT NULL;

-- The file in pieces of equal size, so that a range of it is read without the rest.
CREATE TABLE job_piece (
    book_id uuid NOT NULL,
    job_id text COLLATE "C" NOT NULL,
    nth integer NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (book_id, job_id, nth),
    FOREIGN KEY (book_id, job_id) REFERENCES job ON DELETE CASCADE
);
ALTER TABLE job_piece ALTER content SET STORAGE EXTERNAL;

-- Doors ask and look, in one book; workers take up the jobs of every book.
GRANT SELECT, INSERT ON job TO paraphe_app;
GRANT SELECT ON job_piece TO paraphe_app;
GRANT SELECT, UPDATE, DELETE ON job TO paraphe_replay;
GRANT SELECT, INSERT, DELETE ON job_piece TO paraphe_replay;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['job', 'job_piece'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_book ON %I TO paraphe_app '
            'USING (book_id = current_book()) WITH CHECK (book_id = current_book())', name);
        EXECUTE format('CREATE POLICY every_book ON %I TO paraphe_replay '
            'USING (true) WITH CHECK (true)', name);
    END LOOP;
END $$;
