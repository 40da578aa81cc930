CREATE TABLE orders (id bigint PRIMARY KEY);
-- plan:
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE INDEX ON users (id);
