-- The tables of projections/matching.py. Everything below the mark is made after a bulk load.
CREATE TABLE matching_document (
    book_id uuid NOT NULL,
    document_id text COLLATE "C" NOT NULL,
    entry bigint NOT NULL,
    digits text COLLATE "C" NOT NULL,
    reference text COLLATE "C" NOT NULL
);
CREATE TABLE matching_account (
    book_id uuid NOT NULL,
    account text COLLATE "C" NOT NULL,
    party text COLLATE "C" NOT NULL,
    side text COLLATE "C" NOT NULL,
    sure boolean NOT NULL
);
CREATE TABLE waiting_payment (
    book_id uuid NOT NULL,
    payment_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    journal text COLLATE "C" NOT NULL,
    date date NOT NULL,
    amount bigint NOT NULL,
    currency text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    communication text COLLATE "C" NOT NULL,
    structured text COLLATE "C" NOT NULL,
    reference text COLLATE "C" NOT NULL,
    statement_id text COLLATE "C" NOT NULL,
    statement_line bigint NOT NULL
);
CREATE TABLE bank_statement (
    book_id uuid NOT NULL,
    statement_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    journal text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    year bigint NOT NULL,
    number bigint NOT NULL,
    opening bigint,
    closing bigint,
    closed_on date,
    lines bigint NOT NULL,
    file text COLLATE "C" NOT NULL
);

-- after loading

ALTER TABLE matching_document ADD PRIMARY KEY (book_id, document_id);
ALTER TABLE matching_account ADD PRIMARY KEY (book_id, account, party, side);
ALTER TABLE waiting_payment ADD PRIMARY KEY (book_id, payment_id);
ALTER TABLE bank_statement ADD PRIMARY KEY (book_id, statement_id);

CREATE INDEX matching_document_by_reference ON matching_document (book_id, reference)
    WHERE reference <> '';
CREATE INDEX matching_document_by_digits ON matching_document (book_id, digits)
    WHERE digits <> '';
CREATE INDEX matching_document_by_entry ON matching_document (book_id, entry);
CREATE INDEX waiting_payment_by_date ON waiting_payment (book_id, date, position);
CREATE INDEX bank_statement_by_position ON bank_statement (book_id, position);
