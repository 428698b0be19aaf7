-- The tables of projections/letterings.py. Everything below the mark is made after a bulk load.
CREATE TABLE lettering (
    book_id uuid NOT NULL,
    lettering_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    lettered_at timestamptz NOT NULL,
    lettered_by text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    party text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    year bigint NOT NULL,
    ordinal bigint NOT NULL,
    complete boolean NOT NULL,
    date date NOT NULL,
    amount bigint NOT NULL,
    reason text COLLATE "C" NOT NULL,
    matched jsonb NOT NULL,
    undone_position bigint,
    undone_at timestamptz,
    undone_by text COLLATE "C" NOT NULL,
    undone_reason text COLLATE "C" NOT NULL
);
CREATE TABLE lettering_book (
    book_id uuid NOT NULL,
    time_zone text COLLATE "C" NOT NULL
);

-- after loading

ALTER TABLE lettering ADD PRIMARY KEY (book_id, lettering_id);
ALTER TABLE lettering_book ADD PRIMARY KEY (book_id);

-- The newest first, of all and of one third party.
CREATE INDEX lettering_by_position ON lettering (book_id, position);
CREATE INDEX lettering_by_party ON lettering (book_id, party, position);
