-- The tables of projections/unpaid.py. Everything below the mark is made after a bulk load.
CREATE TABLE open_item (
    book_id uuid NOT NULL,
    entry bigint NOT NULL,
    line integer NOT NULL,
    account text COLLATE "C" NOT NULL,
    side text COLLATE "C" NOT NULL,
    party text COLLATE "C" NOT NULL,
    journal text COLLATE "C" NOT NULL,
    date date NOT NULL,
    issue_date date NOT NULL,
    due_date date NOT NULL,
    document_kind text COLLATE "C" NOT NULL,
    document_id text COLLATE "C" NOT NULL,
    document_number text COLLATE "C" NOT NULL,
    label text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    amount bigint NOT NULL,
    open bigint NOT NULL
);
CREATE TABLE open_item_settlement (
    book_id uuid NOT NULL,
    settled_at bigint NOT NULL,
    part integer NOT NULL,
    entry bigint NOT NULL,
    line integer NOT NULL,
    date date NOT NULL,
    amount bigint NOT NULL,
    lettering_id text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL
);
CREATE TABLE unpaid_party (
    book_id uuid NOT NULL,
    party text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL
);
CREATE TABLE unpaid_book (
    book_id uuid NOT NULL,
    sides jsonb NOT NULL
);

-- after loading

ALTER TABLE open_item ADD PRIMARY KEY (book_id, entry, line);
ALTER TABLE open_item_settlement ADD PRIMARY KEY (book_id, settled_at, part);
ALTER TABLE unpaid_party ADD PRIMARY KEY (book_id, party);
ALTER TABLE unpaid_book ADD PRIMARY KEY (book_id);

-- A page by party and a page by due date each walk their own index, over open items alone.
CREATE INDEX open_item_by_party ON open_item (book_id, party, due_date, entry, line)
    WHERE open <> 0;
CREATE INDEX open_item_by_due_date ON open_item (book_id, due_date, entry, line)
    WHERE open <> 0;
-- The list of an earlier day: what is open now, and what was settled since.
CREATE INDEX open_item_settlement_by_date
    ON open_item_settlement (book_id, date) INCLUDE (entry, line, amount);
CREATE INDEX open_item_settlement_by_item
    ON open_item_settlement (book_id, entry, line);
