-- postgresVersion: 16
CREATE SCHEMA shop;
CREATE TABLE shop.users (id bigint PRIMARY KEY);
CREATE TABLE shop.orders (id bigint PRIMARY KEY, code text DEFAULT 'x', total int NOT NULL DEFAULT 1 + 1, user_id bigint, spare int);
ALTER TABLE shop.orders ADD CONSTRAINT positive CHECK (total > 0);
ALTER TABLE shop.orders ADD CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES shop.users (id) NOT VALID;
ALTER TABLE shop.orders ADD CONSTRAINT spare_once UNIQUE (spare);
CREATE INDEX orders_total ON shop.orders (total);
CREATE VIEW shop.codes AS SELECT code FROM shop.orders;
CREATE TABLE shop.events (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE shop.events_old (at date NOT NULL CHECK (at >= '2000-01-01' AND at < '2001-01-01'));
-- plan:
CREATE INDEX made ON shop.orders (code);
CREATE TABLE shop.made (id int);
COMMENT ON TABLE shop.made IS 'follows';
CREATE VIEW shop.made_view AS SELECT id FROM shop.made;
CREATE SEQUENCE shop.made_sequence OWNED BY shop.made.id;
CREATE FUNCTION shop.made_function() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 'made'; RETURN NEW; END $$;
CREATE TRIGGER made_trigger BEFORE INSERT ON shop.made FOR EACH ROW EXECUTE FUNCTION shop.made_function();
ALTER TABLE shop.made RENAME TO made_anew;
ALTER TABLE shop.made_anew RENAME COLUMN id TO number;
ALTER VIEW shop.made_view RENAME TO made_view_anew;
ALTER INDEX shop.made RENAME TO made_index;
ALTER SEQUENCE shop.made_sequence RENAME TO made_sequence_anew;
