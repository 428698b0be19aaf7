-- A key of personal data that is wrapped by another key-encryption key than the one in use is refused: a
-- process that still holds the old one after it was replaced must ask for the new one first.

CREATE FUNCTION refuse_other_wrapping() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (SELECT FROM public.key_encryption_key WHERE fingerprint <> NEW.wrapped_by) THEN
        RAISE EXCEPTION 'the key is wrapped by %, which is not the key-encryption key in use',
            NEW.wrapped_by USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION refuse_other_wrapping() FROM PUBLIC;

CREATE TRIGGER personal_key_is_wrapped BEFORE INSERT ON personal_key
    FOR EACH ROW EXECUTE FUNCTION refuse_other_wrapping();
