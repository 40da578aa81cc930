-- runner: drizzle
-- postgresVersion: 16
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, code text, user_id bigint CONSTRAINT of_user REFERENCES users);
-- plan:
ALTER TABLE orders ALTER COLUMN code SET NOT NULL;
ALTER TABLE orders DROP COLUMN user_id;
UPDATE orders SET code = 'x' WHERE code IS NULL;
