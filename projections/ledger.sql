-- The tables of projections/ledger.py. Everything below the mark is made after a bulk load.
CREATE TABLE ledger_line (
    book_id uuid NOT NULL,
    entry bigint NOT NULL,
    line integer NOT NULL,
    account text COLLATE "C" NOT NULL,
    party text COLLATE "C" NOT NULL,
    date date NOT NULL,
    posted_on date NOT NULL,
    journal text COLLATE "C" NOT NULL,
    series text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    document_kind text COLLATE "C" NOT NULL,
    document_id text COLLATE "C" NOT NULL,
    document_number text COLLATE "C" NOT NULL,
    document_date date NOT NULL,
    label text COLLATE "C" NOT NULL,
    entry_label text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    debit bigint NOT NULL,
    credit bigint NOT NULL,
    due_date date,
    codes text[] COLLATE "C" NOT NULL,
    lettered_on date
);
CREATE TABLE ledger_month (
    book_id uuid NOT NULL,
    account text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    month date NOT NULL,
    debit bigint NOT NULL,
    credit bigint NOT NULL,
    lines bigint NOT NULL
);
CREATE TABLE ledger_journal (
    book_id uuid NOT NULL,
    journal text COLLATE "C" NOT NULL,
    label text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL
);
CREATE TABLE ledger_party (
    book_id uuid NOT NULL,
    party text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    auxiliary text COLLATE "C" NOT NULL,
    since bigint NOT NULL
);
CREATE TABLE ledger_settled (
    book_id uuid NOT NULL,
    entry bigint NOT NULL,
    line integer NOT NULL,
    lettering text COLLATE "C" NOT NULL,
    amount bigint NOT NULL,
    code text COLLATE "C" NOT NULL,
    year integer NOT NULL,
    ordinal bigint NOT NULL,
    date date NOT NULL
);
CREATE TABLE ledger_book (
    book_id uuid NOT NULL,
    country text COLLATE "C" NOT NULL,
    time_zone text COLLATE "C" NOT NULL,
    start_month integer NOT NULL
);

-- after loading

ALTER TABLE ledger_line ADD PRIMARY KEY (book_id, entry, line);
ALTER TABLE ledger_month ADD PRIMARY KEY (book_id, account, currency, month);
ALTER TABLE ledger_journal ADD PRIMARY KEY (book_id, journal);
ALTER TABLE ledger_party ADD PRIMARY KEY (book_id, party);
ALTER TABLE ledger_settled ADD PRIMARY KEY (book_id, entry, line, lettering);
ALTER TABLE ledger_book ADD PRIMARY KEY (book_id);

-- The general ledger walks the first, a journal the second; the amounts ride along.
CREATE INDEX ledger_line_by_account
    ON ledger_line (book_id, account, currency, date, entry, line) INCLUDE (debit, credit);
CREATE INDEX ledger_line_by_journal
    ON ledger_line (book_id, journal, date, series, number, entry, line);
