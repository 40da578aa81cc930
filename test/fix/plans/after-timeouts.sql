-- postgresVersion: 16
CREATE TABLE orders (id bigint PRIMARY KEY, code text);
CREATE TABLE many (id bigint PRIMARY KEY, a int, b int, c int, d int, e int, f int);
-- plan:
SET lock_timeout = '3s';
SET statement_timeout = '1min';
CREATE INDEX orders_code ON orders (code);
VACUUM FULL orders;
ALTER TABLE many DROP COLUMN a, DROP COLUMN b, DROP COLUMN c, DROP COLUMN d, DROP COLUMN e, DROP COLUMN f;
VACUUM;
DROP TABLE many;
