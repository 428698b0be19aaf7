-- The tables of projections/history.py. Everything below the mark is made after a bulk load.
CREATE TABLE history_line (
    book_id uuid NOT NULL,
    entry bigint NOT NULL,
    line integer NOT NULL,
    account text COLLATE "C" NOT NULL,
    side text COLLATE "C" NOT NULL,
    party text COLLATE "C" NOT NULL,
    date date NOT NULL,
    journal text COLLATE "C" NOT NULL,
    series text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    document_kind text COLLATE "C" NOT NULL,
    document_id text COLLATE "C" NOT NULL,
    document_number text COLLATE "C" NOT NULL,
    label text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    debit bigint NOT NULL,
    credit bigint NOT NULL,
    codes text[] COLLATE "C" NOT NULL,
    files text[] COLLATE "C" NOT NULL
);
CREATE TABLE history_party (
    book_id uuid NOT NULL,
    party text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL
);
CREATE TABLE history_book (
    book_id uuid NOT NULL,
    sides jsonb NOT NULL
);

-- after loading

ALTER TABLE history_line ADD PRIMARY KEY (book_id, entry, line);
ALTER TABLE history_party ADD PRIMARY KEY (book_id, party);
ALTER TABLE history_book ADD PRIMARY KEY (book_id);

-- The order of the list; the amounts ride along, so that what is carried forward to a page is
-- summed from the index alone.
CREATE INDEX history_line_in_order
    ON history_line (book_id, party, account, currency, date, entry, line) INCLUDE (debit, credit);
