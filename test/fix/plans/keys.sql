-- postgresVersion: 18
CREATE SCHEMA shop;
CREATE EXTENSION btree_gist;
CREATE TABLE shop.orders (id bigint, code text NOT NULL, total int, during tstzrange, CONSTRAINT total_there CHECK (total IS NOT NULL));
CREATE UNIQUE INDEX orders_id ON shop.orders (id);
CREATE TABLE orders_code_key (id int);
CREATE TABLE orders (id bigint CONSTRAINT id_there CHECK (id > 0 AND id IS NOT NULL), code text);
-- plan:
ALTER TABLE shop.orders ADD UNIQUE (code) DEFERRABLE;
ALTER TABLE shop.orders ADD UNIQUE (total) NOT DEFERRABLE;
ALTER TABLE shop.orders ADD CONSTRAINT whole UNIQUE (id, during WITHOUT OVERLAPS);
ALTER TABLE orders ADD UNIQUE (code);
ALTER TABLE orders ADD PRIMARY KEY (id);
ALTER TABLE shop.orders ADD CONSTRAINT orders_key PRIMARY KEY USING INDEX orders_id;
ALTER TABLE shop.orders ADD COLUMN twice int UNIQUE DEFAULT floor(random() * 1000) CHECK (twice > 0);
