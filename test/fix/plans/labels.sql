-- postgresVersion: 16
CREATE TYPE state AS ENUM ('new', 'done', 'late');
CREATE TABLE orders (id bigint PRIMARY KEY, status state DEFAULT 'new'::state, before state DEFAULT 'late', states state[]);
CREATE TABLE lines (status state DEFAULT 'new');
CREATE TABLE notes (code text PRIMARY KEY, id int UNIQUE, status state);
-- plan:
ALTER TYPE state RENAME VALUE 'new' TO 'fresh';
