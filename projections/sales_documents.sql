-- The tables of projections/sales_documents.py. Everything below the mark is made after a bulk load.
CREATE TABLE sales_document (
    book_id uuid NOT NULL,
    id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    number text COLLATE "C" NOT NULL,
    stage text COLLATE "C" NOT NULL,
    date date NOT NULL,
    issue_date date,
    due_date date,
    valid_until date,
    customer_id text COLLATE "C" NOT NULL,
    customer_name text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    net bigint NOT NULL,
    tax bigint NOT NULL,
    gross bigint NOT NULL,
    credited bigint NOT NULL,
    written_off boolean NOT NULL,
    external_id text COLLATE "C" NOT NULL,
    quote_id text COLLATE "C" NOT NULL,
    invoice_id text COLLATE "C" NOT NULL,
    words text COLLATE "C" NOT NULL,
    probability bigint
);
CREATE TABLE sales_open_line (
    book_id uuid NOT NULL,
    entry bigint NOT NULL,
    line integer NOT NULL,
    document_id text COLLATE "C" NOT NULL,
    amount bigint NOT NULL,
    open bigint NOT NULL
);
CREATE TABLE sales_line (
    book_id uuid NOT NULL,
    position bigint NOT NULL,
    line integer NOT NULL,
    date date NOT NULL,
    document_kind text COLLATE "C" NOT NULL,
    document_id text COLLATE "C" NOT NULL,
    number text COLLATE "C" NOT NULL,
    customer_id text COLLATE "C" NOT NULL,
    customer_name text COLLATE "C" NOT NULL,
    article_id text COLLATE "C" NOT NULL,
    description text COLLATE "C" NOT NULL,
    quantity text COLLATE "C" NOT NULL,
    rate text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    net bigint NOT NULL,
    cost bigint
);
CREATE TABLE sales_order (
    book_id uuid NOT NULL,
    id text COLLATE "C" NOT NULL,
    ordered jsonb NOT NULL,
    deliveries jsonb NOT NULL,
    invoices jsonb NOT NULL
);
CREATE TABLE sales_quote (
    book_id uuid NOT NULL,
    id text COLLATE "C" NOT NULL,
    bills jsonb NOT NULL
);
CREATE TABLE sales_party (
    book_id uuid NOT NULL,
    party text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL
);
CREATE TABLE sales_book (
    book_id uuid NOT NULL,
    accounts text[] COLLATE "C" NOT NULL,
    time_zone text COLLATE "C" NOT NULL
);

-- after loading

ALTER TABLE sales_document ADD PRIMARY KEY (book_id, id);
ALTER TABLE sales_open_line ADD PRIMARY KEY (book_id, entry, line);
ALTER TABLE sales_line ADD PRIMARY KEY (book_id, position, line);
ALTER TABLE sales_order ADD PRIMARY KEY (book_id, id);
ALTER TABLE sales_quote ADD PRIMARY KEY (book_id, id);
ALTER TABLE sales_party ADD PRIMARY KEY (book_id, party);
ALTER TABLE sales_book ADD PRIMARY KEY (book_id);

-- The list of a kind, of everything, of a customer: each in order of day. Other orders are sorted.
CREATE INDEX sales_document_by_kind ON sales_document (book_id, kind, date, position, id);
CREATE INDEX sales_document_by_date ON sales_document (book_id, date, position, id);
CREATE INDEX sales_document_by_customer
    ON sales_document (book_id, customer_id, date, position, id);
CREATE INDEX sales_document_by_external_id ON sales_document (book_id, external_id)
    WHERE external_id <> '';
-- What is open on a document.
CREATE INDEX sales_open_line_by_document
    ON sales_open_line (book_id, document_id) INCLUDE (amount, open);
-- What was sold in a period.
CREATE INDEX sales_line_by_date ON sales_line (book_id, date, position, line);
