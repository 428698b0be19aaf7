-- The tables of projections/vat_register.py. Everything below the mark is made after a bulk load.
CREATE TABLE vat_detail (
    book_id uuid NOT NULL,
    position bigint NOT NULL,
    part integer NOT NULL,
    direction text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    date date NOT NULL,
    kind text COLLATE "C" NOT NULL,
    document_id text COLLATE "C" NOT NULL,
    number text COLLATE "C" NOT NULL,
    issue_date date NOT NULL,
    origin date NOT NULL,
    party text COLLATE "C" NOT NULL,
    party_name text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    category text COLLATE "C" NOT NULL,
    rate text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    nature text COLLATE "C" NOT NULL,
    exigible text COLLATE "C" NOT NULL,
    exemption text COLLATE "C" NOT NULL,
    base bigint NOT NULL,
    tax bigint NOT NULL,
    due bigint NOT NULL,
    deductible bigint NOT NULL,
    account text COLLATE "C" NOT NULL,
    due_rate text COLLATE "C" NOT NULL,
    party_vat text COLLATE "C" NOT NULL,
    party_country text COLLATE "C" NOT NULL
);
CREATE TABLE vat_total (
    book_id uuid NOT NULL,
    direction text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    category text COLLATE "C" NOT NULL,
    rate text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    exigible text COLLATE "C" NOT NULL,
    base bigint NOT NULL,
    tax bigint NOT NULL,
    credit_base bigint NOT NULL,
    credit_tax bigint NOT NULL
);

-- after loading

ALTER TABLE vat_detail ADD PRIMARY KEY (book_id, position, part);
ALTER TABLE vat_total
    ADD PRIMARY KEY (book_id, direction, period, currency, category, rate, code, exigible);

-- The register in order: by direction, month, date.
CREATE INDEX vat_detail_in_order ON vat_detail (book_id, direction, period, date, position, part);
CREATE INDEX vat_detail_by_party ON vat_detail (book_id, party, direction, date, position, part);
