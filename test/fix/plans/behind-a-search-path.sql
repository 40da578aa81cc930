CREATE SCHEMA shop;
CREATE TABLE shop.orders (id bigint PRIMARY KEY, code text NOT NULL, total int);
-- plan:
SET search_path = shop;
ALTER TABLE orders ALTER COLUMN code TYPE varchar(10);
SET search_path = public, shop;
CREATE INDEX by_total ON orders (total);
DROP INDEX IF EXISTS gone;
