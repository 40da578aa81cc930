-- postgresVersion: 17
-- runbook: true
CREATE TYPE state AS ENUM ('new');
CREATE DOMAIN code AS text;
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE orders (id bigint PRIMARY KEY, tag code, total int, twice int GENERATED ALWAYS AS (total * 2) STORED, filled int NOT NULL);
CREATE TABLE other (id bigint PRIMARY KEY, status state);
CREATE INDEX orders_total ON orders (total);
CREATE MATERIALIZED VIEW sums AS SELECT sum(total) AS total FROM orders;
-- plan:
BEGIN;
SET work_mem = '1GB';
ALTER TABLE orders ADD COLUMN user_id bigint CONSTRAINT of_user REFERENCES users;
SAVEPOINT of_user;
COMMENT ON CONSTRAINT of_user ON orders IS 'follows';
COMMIT;
ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0);
COMMENT ON CONSTRAINT positive ON orders IS 'follows';
ALTER TABLE orders ALTER COLUMN twice SET EXPRESSION AS (total * 3);
COMMENT ON COLUMN orders.twice IS 'follows';
ALTER TABLE orders ALTER COLUMN filled SET NOT NULL, ALTER COLUMN filled ADD GENERATED ALWAYS AS IDENTITY, ALTER COLUMN total SET NOT NULL;
ALTER TABLE orders RENAME CONSTRAINT positive TO at_least_one;
DROP TABLE other;
DROP TYPE state;
CREATE TABLE IF NOT EXISTS at_least_one (id int);
CREATE MATERIALIZED VIEW IF NOT EXISTS sums AS SELECT 1 AS total, 2 AS at_least_one;
CREATE DOMAIN at_least_two AS int CHECK (VALUE IS NOT NULL);
ALTER TABLE at_least_one ADD COLUMN two at_least_two;
ALTER SEQUENCE at_least_one_seq OWNED BY at_least_one.id;
REINDEX TABLE orders;
DELETE FROM users WHERE name = 'positive';
CREATE INDEX IF NOT EXISTS orders_total ON orders (total);
ALTER TABLE users ALTER COLUMN name DROP NOT NULL, DROP COLUMN name;
DROP TABLE IF EXISTS never_made;
DROP INDEX CONCURRENTLY IF EXISTS never_made_idx;
CLUSTER users USING users_pkey;
ALTER TABLE users SET ACCESS METHOD heap2;
