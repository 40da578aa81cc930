-- postgresVersion: 16
CREATE TABLE accounts (id bigint PRIMARY KEY, email text, updated_at timestamptz);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION touch();
-- plan:
ALTER TABLE accounts DROP COLUMN updated_at;
ALTER TABLE accounts DROP COLUMN email;
