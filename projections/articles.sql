-- The table of projections/articles.py. Everything below the mark is made after a bulk load.
CREATE TABLE article_card (
    book_id uuid NOT NULL,
    article_id text COLLATE "C" NOT NULL,
    introduced bigint NOT NULL,
    position bigint NOT NULL,
    archived boolean NOT NULL,
    composed boolean NOT NULL,
    code text COLLATE "C" NOT NULL,
    label text COLLATE "C" NOT NULL,
    unit text COLLATE "C" NOT NULL,
    price_rank bigint NOT NULL,
    cost_rank bigint NOT NULL,
    vat_category text COLLATE "C" NOT NULL,
    vat_rate text COLLATE "C" NOT NULL,
    vat_code text COLLATE "C" NOT NULL,
    nature text COLLATE "C" NOT NULL,
    sales_account text COLLATE "C" NOT NULL,
    purchase_account text COLLATE "C" NOT NULL,
    external_id text COLLATE "C" NOT NULL,
    file text COLLATE "C" NOT NULL,
    sort_label text COLLATE "C" NOT NULL,
    words text COLLATE "C" NOT NULL,
    article jsonb NOT NULL
);

-- after loading

ALTER TABLE article_card ADD PRIMARY KEY (book_id, article_id);

-- The list as it is opened: by code.
CREATE INDEX article_card_by_code ON article_card (book_id, code, article_id) WHERE NOT archived;
