-- postgresVersion: 15
CREATE TABLE prices (id bigint PRIMARY KEY, price numeric(10, 4), any_price numeric, name text, code varchar(20), letter char, at timestamptz, day timestamp, big bigint, flag text);
-- plan:
ALTER TABLE prices ALTER COLUMN price TYPE numeric(8, 2);
ALTER TABLE prices ALTER COLUMN any_price TYPE numeric(5);
ALTER TABLE prices ALTER COLUMN name TYPE varchar(5);
ALTER TABLE prices ALTER COLUMN code TYPE varchar(20);
ALTER TABLE prices ALTER COLUMN code TYPE char(4);
ALTER TABLE prices ALTER COLUMN at TYPE timestamp;
ALTER TABLE prices ALTER COLUMN day TYPE date;
ALTER TABLE prices ALTER COLUMN big TYPE int;
ALTER TABLE prices ALTER COLUMN flag TYPE boolean USING flag::boolean;
ALTER TABLE prices ALTER COLUMN price TYPE int;
