CREATE TABLE orders (id bigint PRIMARY KEY, code text, total int);
CREATE TABLE lines (code text);
-- plan:
UPDATE orders AS "O" SET code = lower("O".code) WHERE "O".total > 5;
UPDATE orders o SET code = upper(o.code);
DELETE FROM orders AS gone WHERE gone.total > 5;
DELETE FROM lines l;
UPDATE lines SET code = 'it''s $$ done' WHERE code <> 'a' -- why
;
CREATE INDEX ON orders (code) /* said
in two lines */ ;
