-- runner: goose
-- postgresVersion: 16
-- runbook: true
-- json: true
CREATE TABLE orders (id bigint PRIMARY KEY, code text, total integer NOT NULL);
CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint);
-- plan:
CREATE INDEX orders_code_idx ON orders (code);
ALTER TABLE orders ALTER COLUMN code SET NOT NULL;
ALTER TABLE lines ADD FOREIGN KEY (order_id) REFERENCES orders (id);
COMMENT ON TABLE orders IS 'kept';
ALTER TABLE orders ALTER COLUMN total TYPE bigint;
