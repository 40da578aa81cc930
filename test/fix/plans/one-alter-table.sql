-- postgresVersion: 16
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, code text DEFAULT 'a', total int NOT NULL DEFAULT 1 + 1, user_id bigint, spare int, old int);
ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0);
ALTER TABLE orders ADD CONSTRAINT large CHECK (total > 10) NOT VALID;
-- plan:
ALTER TABLE orders
  ADD CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES users,
  SET (fillfactor = 70),
  ADD UNIQUE (code),
  ALTER COLUMN code SET NOT NULL,
  ALTER COLUMN total SET DEFAULT 3,
  ADD COLUMN old text,
  DROP COLUMN old,
  DROP COLUMN spare,
  ALTER COLUMN total TYPE bigint,
  ALTER COLUMN code DROP DEFAULT,
  DROP CONSTRAINT large,
  ADD CONSTRAINT larger CHECK (total > 100);
