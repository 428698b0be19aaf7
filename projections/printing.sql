-- The tables of projections/printing.py. Everything below the mark is made after a bulk load.
CREATE TABLE issued_document (
    book_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    document_id text COLLATE "C" NOT NULL,
    issued_at bigint NOT NULL,
    original text COLLATE "C" NOT NULL,
    duplicates bigint NOT NULL,
    mailed_on date,
    opened boolean NOT NULL
);
CREATE TABLE issued_letter (
    book_id uuid NOT NULL,
    document_id text COLLATE "C" NOT NULL,
    number text COLLATE "C" NOT NULL,
    issue_date date NOT NULL,
    party text COLLATE "C" NOT NULL,
    party_name text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    amount bigint NOT NULL,
    channel text COLLATE "C" NOT NULL,
    sent_on date,
    failed boolean NOT NULL
);

-- after loading

ALTER TABLE issued_document ADD PRIMARY KEY (book_id, kind, document_id);
ALTER TABLE issued_letter ADD PRIMARY KEY (book_id, document_id);

-- The work of the printer: what lacks its original, oldest first.
CREATE INDEX issued_document_unprinted ON issued_document (book_id, issued_at)
    WHERE original = '';
