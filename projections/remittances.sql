-- The tables of projections/remittances.py. Everything below the mark is made after a bulk load.
CREATE TABLE remittance (
    book_id uuid NOT NULL,
    id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    number text COLLATE "C" NOT NULL,
    journal text COLLATE "C" NOT NULL,
    iban text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    amount bigint NOT NULL,
    lines bigint NOT NULL,
    returned bigint NOT NULL,
    returned_lines bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    file text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    issue_date date NOT NULL,
    execution_date date,
    settled_on date
);
CREATE TABLE mandate (
    book_id uuid NOT NULL,
    id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    reference text COLLATE "C" NOT NULL,
    scheme text COLLATE "C" NOT NULL,
    party text COLLATE "C" NOT NULL,
    party_name text COLLATE "C" NOT NULL,
    revoked boolean NOT NULL,
    reason text COLLATE "C" NOT NULL,
    collections bigint NOT NULL,
    signed_on date NOT NULL,
    used_on date,
    lapses_on date NOT NULL
);
CREATE TABLE remittance_book (
    book_id uuid NOT NULL,
    time_zone text COLLATE "C" NOT NULL
);

-- after loading

ALTER TABLE remittance ADD PRIMARY KEY (book_id, id);
ALTER TABLE mandate ADD PRIMARY KEY (book_id, id);
ALTER TABLE remittance_book ADD PRIMARY KEY (book_id);

-- The newest first, and those of a contact.
CREATE INDEX remittance_by_date ON remittance (book_id, issue_date, position);
CREATE INDEX mandate_by_party ON mandate (book_id, party, position);
