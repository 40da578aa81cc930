-- postgresVersion: 14
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE orders (id bigint PRIMARY KEY, code text, total int, status state);
-- plan:
ALTER TABLE orders ALTER COLUMN code SET NOT NULL;
UPDATE orders SET code = 'x' WHERE code = 'y' AND id = 7;
DELETE FROM orders WHERE code = 'z' AND id = 8;
ALTER TABLE orders ALTER COLUMN code DROP NOT NULL;
ALTER TABLE orders ALTER COLUMN code TYPE varchar;
TRUNCATE orders;
ALTER TABLE orders DROP COLUMN code;
DROP TABLE orders;
DROP TYPE state;
