import type { Statement } from "../../model/statement.ts";

/** The server makes what CREATE SCHEMA holds in this order, whatever was written first. */
const order: readonly Statement["kind"][] = [
  "create sequence",
  "create table",
  "create view",
  "create index",
  "create trigger",
  "grant",
];

/** The elements of CREATE SCHEMA as they are made. */
export function inServersOrder(elements: readonly Statement[]): readonly Statement[] {
  return [...elements].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}
