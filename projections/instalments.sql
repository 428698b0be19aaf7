-- The tables of projections/instalments.py. Everything below the mark is made after a bulk load.
CREATE TABLE instalment (
    book_id uuid NOT NULL,
    entry bigint NOT NULL,
    line integer NOT NULL,
    nth integer NOT NULL,
    parts integer NOT NULL,
    side text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    party text COLLATE "C" NOT NULL,
    party_name text COLLATE "C" NOT NULL,
    journal text COLLATE "C" NOT NULL,
    document_kind text COLLATE "C" NOT NULL,
    document_id text COLLATE "C" NOT NULL,
    document_number text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    issue_date date NOT NULL,
    due_date date NOT NULL,
    date date NOT NULL,
    currency text COLLATE "C" NOT NULL,
    amount bigint NOT NULL,
    open bigint NOT NULL,
    lost bigint NOT NULL
);
CREATE TABLE instalment_settled (
    book_id uuid NOT NULL,
    entry bigint NOT NULL,
    line integer NOT NULL,
    lettering text COLLATE "C" NOT NULL,
    date date NOT NULL,
    amount bigint NOT NULL,
    means jsonb NOT NULL
);
CREATE TABLE settling_entry (
    book_id uuid NOT NULL,
    entry bigint NOT NULL,
    means text COLLATE "C" NOT NULL
);
CREATE TABLE settling_payment (
    book_id uuid NOT NULL,
    payment text COLLATE "C" NOT NULL,
    means text COLLATE "C" NOT NULL
);
CREATE TABLE instalment_document (
    book_id uuid NOT NULL,
    document text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL
);
CREATE TABLE instalment_book (
    book_id uuid NOT NULL,
    sides jsonb NOT NULL,
    time_zone text COLLATE "C" NOT NULL
);

-- after loading

ALTER TABLE instalment ADD PRIMARY KEY (book_id, entry, line);
ALTER TABLE instalment_settled ADD PRIMARY KEY (book_id, entry, line, lettering);
ALTER TABLE settling_entry ADD PRIMARY KEY (book_id, entry);
ALTER TABLE settling_payment ADD PRIMARY KEY (book_id, payment);
ALTER TABLE instalment_document ADD PRIMARY KEY (book_id, document);
ALTER TABLE instalment_book ADD PRIMARY KEY (book_id);

-- The newest due first, of all and of one third party.
CREATE INDEX instalment_by_due_date ON instalment (book_id, due_date, entry, line);
CREATE INDEX instalment_by_party ON instalment (book_id, party, due_date, entry, line);
