-- The tables of projections/bank_transactions.py. Everything below the mark is made after a bulk
-- load.
CREATE TABLE bank_transaction (
    book_id uuid NOT NULL,
    id text COLLATE "C" NOT NULL,
    entry bigint NOT NULL,
    line integer NOT NULL,
    journal text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    booked_in text COLLATE "C" NOT NULL,
    series text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    document_kind text COLLATE "C" NOT NULL,
    document_id text COLLATE "C" NOT NULL,
    document_number text COLLATE "C" NOT NULL,
    label text COLLATE "C" NOT NULL,
    means text COLLATE "C" NOT NULL,
    value_date date,
    statement text COLLATE "C" NOT NULL,
    statement_line bigint NOT NULL,
    parties text[] COLLATE "C" NOT NULL,
    party_name text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    iban text COLLATE "C" NOT NULL,
    communication text COLLATE "C" NOT NULL,
    structured text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    amount bigint NOT NULL,
    waits boolean NOT NULL,
    assigned_on date,
    stands_at bigint NOT NULL,
    reversed_on date,
    date date NOT NULL
);
CREATE TABLE bank_transaction_statement (
    book_id uuid NOT NULL,
    statement text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    journal text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    year bigint NOT NULL,
    number bigint NOT NULL,
    opening bigint,
    closing bigint,
    closed_on date
);
CREATE TABLE money_accounts (
    book_id uuid NOT NULL,
    own jsonb NOT NULL,
    first jsonb NOT NULL,
    usual text COLLATE "C" NOT NULL,
    time_zone text COLLATE "C" NOT NULL
);

-- after loading

ALTER TABLE bank_transaction ADD PRIMARY KEY (book_id, id);
ALTER TABLE bank_transaction_statement ADD PRIMARY KEY (book_id, statement);
ALTER TABLE money_accounts ADD PRIMARY KEY (book_id);

-- The newest first; and the balance of a journal, summed from the index alone.
CREATE INDEX bank_transaction_by_date ON bank_transaction (book_id, date, entry, line)
    WHERE entry > 0;
CREATE INDEX bank_transaction_in_journal
    ON bank_transaction (book_id, journal, currency, date, entry, line) INCLUDE (amount)
    WHERE entry > 0;
