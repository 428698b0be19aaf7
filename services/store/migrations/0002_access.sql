-- Who may come in: API keys, the books each reaches, and the secret that signs page cursors.

-- Only the SHA-256 of a key is kept: a fast hash is enough for 256 random bits.
CREATE TABLE api_key (
    key_id text COLLATE "C" PRIMARY KEY,
    digest bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
    prefix text COLLATE "C" NOT NULL,
    name text NOT NULL,
    scopes text[] NOT NULL,
    every_book boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz
);

CREATE TABLE api_key_book (
    book_id uuid NOT NULL REFERENCES book,
    key_id text COLLATE "C" NOT NULL REFERENCES api_key,
    PRIMARY KEY (book_id, key_id)
);
CREATE INDEX api_key_book_by_key ON api_key_book (key_id, book_id);

-- One row for the whole installation, so that every process reads the cursors of every other.
CREATE TABLE cursor_secret (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    secret bytea NOT NULL CHECK (length(secret) = 32)
);
INSERT INTO cursor_secret (secret) VALUES (
    sha256(convert_to(gen_random_uuid()::text || gen_random_uuid() || gen_random_uuid(), 'UTF8'))
);

-- The application cannot read the keys: it asks whether one that it was shown is good. The book
-- comes back only when the key reaches it; that answer, not the address, is the book entered.
CREATE FUNCTION admit(shown bytea, wanted uuid)
RETURNS TABLE (key_id text, name text, scopes text[], every_book boolean, book_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT k.key_id, k.name, k.scopes, k.every_book, (
        SELECT b.book_id FROM public.book b
        WHERE b.book_id = wanted AND (k.every_book OR EXISTS (
            SELECT FROM public.api_key_book kb
            WHERE kb.book_id = wanted AND kb.key_id = k.key_id))
    )
    FROM public.api_key k
    WHERE k.digest = shown AND k.revoked_at IS NULL
        AND (k.expires_at IS NULL OR k.expires_at > statement_timestamp());
END;

CREATE FUNCTION books_reached(key text, after uuid, most integer)
RETURNS TABLE (book_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT b.book_id FROM public.book b, public.api_key k
    WHERE k.key_id = key AND (after IS NULL OR b.book_id > after)
        AND (k.every_book OR EXISTS (
            SELECT FROM public.api_key_book kb
            WHERE kb.book_id = b.book_id AND kb.key_id = k.key_id))
    ORDER BY b.book_id LIMIT most;
END;

CREATE FUNCTION touch_key(key text) RETURNS void
LANGUAGE sql SECURITY DEFINER
BEGIN ATOMIC
    UPDATE public.api_key SET last_used_at = statement_timestamp() WHERE key_id = key;
END;

REVOKE ALL ON FUNCTION admit(bytea, uuid), books_reached(text, uuid, integer), touch_key(text)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION admit(bytea, uuid), books_reached(text, uuid, integer), touch_key(text)
    TO paraphe_app;
GRANT SELECT ON cursor_secret TO paraphe_app;
-- So that a door can say whether the schema is the one it was written for.
GRANT SELECT ON migration TO paraphe_app;
