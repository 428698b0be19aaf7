-- For every table of every register: readers see the rows of their own book, and write none.
ALTER TABLE TABLE_NAME ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_book ON TABLE_NAME FOR SELECT
    USING (book_id = nullif(current_setting('paraphe.book_id', true), '')::uuid);
GRANT SELECT ON TABLE_NAME TO paraphe_app;
