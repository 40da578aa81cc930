-- postgresVersion: 15
CREATE TABLE orders (id bigint PRIMARY KEY, code text);
CREATE MATERIALIZED VIEW sums AS SELECT count(*) FROM orders;
-- plan:
BEGIN;
LOCK TABLE orders;
DO $$ BEGIN ALTER TABLE orders ALTER COLUMN code SET NOT NULL; END $$;
ALTER TABLE orders SET UNLOGGED;
COMMIT;
REFRESH MATERIALIZED VIEW sums;
TRUNCATE orders;
CLUSTER orders USING orders_pkey;
