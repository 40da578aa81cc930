-- postgresVersion: 16
CREATE SCHEMA shop;
CREATE TABLE shop.users (id bigint PRIMARY KEY, code text UNIQUE);
CREATE TABLE shop.orders (
    id int PRIMARY KEY,
    code varchar(10) NOT NULL DEFAULT 'none'::varchar,
    total int,
    code_new text,
    CONSTRAINT code_once UNIQUE NULLS NOT DISTINCT (code) INCLUDE (total) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT code_twice UNIQUE (code, total) NOT DEFERRABLE,
    CONSTRAINT code_known CHECK (code <> '' AND code::text <> 'code'),
    CONSTRAINT of_user FOREIGN KEY (code) REFERENCES shop.users (code) ON DELETE SET NULL NOT VALID
);
CREATE INDEX by_code ON shop.orders USING btree (code DESC) INCLUDE (total) WHERE code IS NOT NULL;
CREATE UNIQUE INDEX by_lower ON shop.orders (lower(code), total);
CREATE INDEX by_total ON shop.orders (total) WHERE code = 'a';
CREATE TABLE shop.lines (order_id int REFERENCES shop.orders (id) ON DELETE CASCADE);
COMMENT ON COLUMN shop.orders.code IS 'as ''the customer'' says it';
-- plan:
ALTER TABLE shop.orders ALTER COLUMN code TYPE int USING length(code);
ALTER TABLE shop.orders ALTER COLUMN id TYPE bigint;
