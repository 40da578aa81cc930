-- runner: drizzle
-- postgresVersion: 17
-- runbook: true
CREATE TABLE orders (id bigint PRIMARY KEY, code text);
-- plan:
CREATE INDEX orders_code_idx ON orders (code);
UPDATE orders SET code = lower(code);
REFRESH MATERIALIZED VIEW sums;
CLUSTER orders USING orders_pkey;
