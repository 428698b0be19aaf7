-- The tables of projections/archives.py. Everything below the mark is made after a bulk load.
CREATE TABLE archive_document (
    book_id uuid NOT NULL,
    entry bigint NOT NULL,
    journal text COLLATE "C" NOT NULL,
    journal_kind text COLLATE "C" NOT NULL,
    series text COLLATE "C" NOT NULL,
    piece bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    document_id text COLLATE "C" NOT NULL,
    number text COLLATE "C" NOT NULL,
    date date NOT NULL,
    entry_date date NOT NULL,
    due_date date,
    party text COLLATE "C" NOT NULL,
    party_name text COLLATE "C" NOT NULL,
    label text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    amount bigint NOT NULL,
    to_settle bigint,
    unsettled bigint,
    accounts text[] COLLATE "C" NOT NULL,
    treated_at bigint,
    treated_by text COLLATE "C" NOT NULL,
    files text[] COLLATE "C" NOT NULL
);
CREATE TABLE archive_settlement (
    book_id uuid NOT NULL,
    entry bigint NOT NULL,
    lettering_id text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    date date NOT NULL,
    complete boolean NOT NULL,
    amount bigint NOT NULL,
    taken bigint NOT NULL
);
CREATE TABLE archive_layout (
    book_id uuid NOT NULL,
    position bigint NOT NULL,
    layout jsonb NOT NULL
);
CREATE TABLE archive_export (
    book_id uuid NOT NULL,
    exported_at bigint NOT NULL,
    exported_as text COLLATE "C" NOT NULL,
    stands_at bigint NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    only_journal text COLLATE "C" NOT NULL,
    sha256 text COLLATE "C" NOT NULL
);
CREATE TABLE archive_book (
    book_id uuid NOT NULL,
    journal_kinds jsonb NOT NULL,
    journal_accounts jsonb NOT NULL,
    sides jsonb NOT NULL
);

-- after loading

ALTER TABLE archive_document ADD PRIMARY KEY (book_id, entry);
ALTER TABLE archive_settlement ADD PRIMARY KEY (book_id, entry, lettering_id);
ALTER TABLE archive_layout ADD PRIMARY KEY (book_id);
ALTER TABLE archive_export ADD PRIMARY KEY (book_id, exported_at);
ALTER TABLE archive_book ADD PRIMARY KEY (book_id);

-- A tab in order, all tabs in order, one party in order, one document.
CREATE INDEX archive_document_by_kind ON archive_document (book_id, journal_kind, date, entry);
CREATE INDEX archive_document_by_date ON archive_document (book_id, date, entry);
CREATE INDEX archive_document_by_party ON archive_document (book_id, party, date, entry);
CREATE INDEX archive_document_by_document ON archive_document (book_id, document_id);
-- What else a lettering settles.
CREATE INDEX archive_settlement_by_lettering ON archive_settlement (book_id, lettering_id);
