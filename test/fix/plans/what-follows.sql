-- postgresVersion: 13
CREATE SCHEMA other;
CREATE TYPE state AS ENUM ('new', 'done');
CREATE DOMAIN code AS text;
CREATE TABLE users (id bigint, name text, status state, tag code);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, note text);
CREATE TABLE events (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2024 (at date NOT NULL);
-- plan:
ALTER TABLE users ADD CONSTRAINT users_key UNIQUE (id);
ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id);
ALTER TABLE users DROP COLUMN status;
DROP TYPE state;
ALTER TABLE users ALTER COLUMN tag TYPE integer USING length(tag);
DROP DOMAIN code;
ALTER TABLE orders ADD COLUMN ref uuid DEFAULT gen_random_uuid();
COMMENT ON COLUMN orders.ref IS 'follows';
COMMENT ON COLUMN orders.note IS 'stays';
ALTER TABLE orders RENAME COLUMN note TO remark;
COMMENT ON COLUMN orders.remark IS 'follows';
ALTER TABLE events ATTACH PARTITION events_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
COMMENT ON TABLE events_2024 IS 'follows';
ALTER TABLE orders SET SCHEMA other;
COMMENT ON TABLE other.orders IS 'follows';
