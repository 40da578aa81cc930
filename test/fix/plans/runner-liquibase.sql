-- runner: liquibase
-- postgresVersion: 14
CREATE TABLE orders (id bigint PRIMARY KEY, code text, total int NOT NULL);
-- plan:
CREATE INDEX orders_code ON orders (code);
ALTER TABLE orders ALTER COLUMN code SET NOT NULL;
DELETE FROM orders WHERE total = 0;
