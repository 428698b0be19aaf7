-- The table of projections/contacts.py. Everything below the mark is made after a bulk load.
CREATE TABLE contact_card (
    book_id uuid NOT NULL,
    contact_id text COLLATE "C" NOT NULL,
    introduced bigint NOT NULL,
    position bigint NOT NULL,
    archived boolean NOT NULL,
    name text COLLATE "C" NOT NULL,
    roles text[] COLLATE "C" NOT NULL,
    nature text COLLATE "C" NOT NULL,
    city text COLLATE "C" NOT NULL,
    postal_code text COLLATE "C" NOT NULL,
    country text COLLATE "C" NOT NULL,
    language text COLLATE "C" NOT NULL,
    registration text COLLATE "C" NOT NULL,
    vat_number text COLLATE "C" NOT NULL,
    vat_category text COLLATE "C" NOT NULL,
    vat_rate text COLLATE "C" NOT NULL,
    vat_code text COLLATE "C" NOT NULL,
    payment_days bigint NOT NULL,
    payment_means text COLLATE "C" NOT NULL,
    auxiliary text COLLATE "C" NOT NULL,
    accounts text[] COLLATE "C" NOT NULL,
    external_id text COLLATE "C" NOT NULL,
    file text COLLATE "C" NOT NULL,
    sort_name text COLLATE "C" NOT NULL,
    words text COLLATE "C" NOT NULL,
    details jsonb NOT NULL,
    sealed jsonb NOT NULL
);

-- after loading

ALTER TABLE contact_card ADD PRIMARY KEY (book_id, contact_id);

-- The list as it is opened: by name.
CREATE INDEX contact_card_by_name ON contact_card (book_id, sort_name, contact_id)
    WHERE NOT archived;
