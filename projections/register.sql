-- In every register's schema: how far it stands in each book, and which code made it.
CREATE TABLE REGISTER_cursor (
    book_id uuid NOT NULL PRIMARY KEY,
    position bigint NOT NULL,
    parked_at bigint, -- the event it cannot take in; NULL: it runs
    parked_why text COLLATE "C",
    moved_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE REGISTER_about (
    version integer NOT NULL,
    digest text COLLATE "C" NOT NULL,
    built_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON REGISTER_about TO paraphe_app;

