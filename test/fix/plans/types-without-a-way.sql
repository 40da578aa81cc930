-- postgresVersion: 16
CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code text, twice int GENERATED ALWAYS AS (length(code)) STORED, note text, kept text);
CREATE VIEW codes AS SELECT code FROM orders;
CREATE POLICY own ON orders USING (note = 'mine');
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER watch AFTER UPDATE OF kept ON orders FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE TABLE parts (id int, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX parts_id ON parts (id);
-- plan:
ALTER TABLE parts ALTER COLUMN id TYPE bigint;
ALTER TABLE orders RENAME COLUMN code TO name;
ALTER TABLE orders RENAME COLUMN note TO remark;
ALTER TABLE orders RENAME COLUMN kept TO held;
ALTER TABLE orders RENAME COLUMN id TO number;
ALTER TABLE orders RENAME COLUMN twice TO double;
