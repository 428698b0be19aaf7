-- Keys of personal data, outside the log: one for each field of each person, itself encrypted under a
-- key that the database never sees. To erase a field is to delete its row; nothing is ever updated.

CREATE TABLE personal_key (
    book_id uuid NOT NULL,
    key_id text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    field text COLLATE "C" NOT NULL,
    wrapped bytea NOT NULL CHECK (length(wrapped) = 60),
    wrapped_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (book_id, key_id),
    UNIQUE (book_id, subject, field)
);

ALTER TABLE personal_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_book ON personal_key TO paraphe_app
    USING (book_id = current_book()) WITH CHECK (book_id = current_book());
GRANT SELECT, INSERT, DELETE ON personal_key TO paraphe_app;

-- Which key-encryption key this installation uses, by its fingerprint: a machine that was given
-- another one may not begin to use it here.
CREATE TABLE key_encryption_key (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    fingerprint text COLLATE "C" NOT NULL
);
GRANT SELECT, INSERT ON key_encryption_key TO paraphe_app;
