-- The tables of projections/freshness.py. Everything below the mark is made after a bulk load.
CREATE TABLE bank_journal (
    book_id uuid NOT NULL,
    journal text COLLATE "C" NOT NULL,
    label text COLLATE "C" NOT NULL,
    booked_until date,
    by_statement boolean NOT NULL
);
CREATE TABLE freshness_book (
    book_id uuid NOT NULL,
    entries_until date NOT NULL
);

-- after loading

ALTER TABLE bank_journal ADD PRIMARY KEY (book_id, journal);
ALTER TABLE freshness_book ADD PRIMARY KEY (book_id);
