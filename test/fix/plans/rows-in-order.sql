-- postgresVersion: 16
CREATE TABLE kinds (value text PRIMARY KEY, note text);
CREATE TABLE orders (id bigint PRIMARY KEY, kind text, total int);
CREATE TABLE log (note text);
-- plan:
INSERT INTO log VALUES ('stays');
DELETE FROM kinds;
INSERT INTO kinds VALUES ('a', 'follows'), ('b', 'follows');
UPDATE orders SET total = (SELECT count(*) FROM kinds);
DELETE FROM kinds WHERE value = 'b';
CREATE TABLE kinds_used AS SELECT kind FROM orders;
ALTER TABLE orders ADD COLUMN stays int;
COMMENT ON TABLE kinds IS 'stays';
CREATE UNIQUE INDEX orders_once ON orders (id, kind);
SELECT check_of('orders_once');
SELECT check_of('stays');
CREATE FUNCTION uses_it() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM kinds_used $$;
CREATE FUNCTION stays() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM log $$;
DO $$ BEGIN IF EXISTS (SELECT FROM pg_class WHERE relname = 'orders_once') THEN ALTER TABLE orders ADD UNIQUE (total); END IF; END $$;
DO $$ BEGIN PERFORM 'stays'; END $$;
