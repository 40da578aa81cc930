import { defineRule, type Finding } from "../src/rule.ts";

export default defineRule({
  id: "drop-database",
  severity: "error",
  category: "compatibility",
  summary: "DROP DATABASE, DROP TABLESPACE, DROP OWNED or REASSIGN OWNED",
  why: `
These statements do not change a schema, they clear one away: everything in the database, everything in it that a role
owns. What they hit is not written in the migration but depends on the server on which it runs.

DROP OWNED and REASSIGN OWNED also lock every table that they touch in ACCESS EXCLUSIVE mode, one after the other, and
keep all of these locks until the transaction ends.`,
  instead: `
Do it by hand, looking at the server concerned. In a migration name the tables and other objects that are meant, one
statement for each.`,
  references: ["sql-dropdatabase.html", "sql-drop-owned.html", "sql-reassign-owned.html"],
  aliases: ["ban-drop-database"],
  on: ["drop", "drop owned", "reassign owned"],

  *check(statement, context): Iterable<Finding> {
    if (statement.kind === "reassign owned") {
      yield {
        at: statement.head,
        message:
          "Everything that the role owns on this server is locked against reads and writes until the transaction ends",
        severity: "warning",
        advice: "Name what is to get another owner: ALTER TABLE, ALTER VIEW and so on, OWNER TO",
      };
      return;
    }
    if (statement.kind === "drop owned") {
      yield {
        at: statement.head,
        message: "Everything that the role owns in this database is dropped, whatever that is on this server",
        advice: "Name what is to be dropped, one statement for each, once nothing uses it",
      };
      return;
    }
    if (statement.object !== "database" && statement.object !== "tablespace") return;
    const names = statement.names.map((name) => context.nameOf(name)).join(", ");
    yield {
      at: statement.head,
      message:
        statement.object === "database"
          ? `The database ${names} is dropped with everything in it, and no transaction can take that back`
          : `The tablespace ${names} is dropped, and no transaction can take that back`,
      showsImpact: false,
      advice: "Take it out of the migrations, and do it by hand on the server that is meant",
    };
  },
});
