import { namePartitionIndex } from "../analysis/effects/index-names.ts";
import type { Table } from "../analysis/entities.ts";
import type { Expression } from "../model/expression.ts";
import type { Context, Migration } from "../rule.ts";
import { qualifyName, quoteName } from "../sql/names.ts";
import { append } from "../text/append.ts";
import { outsideTransaction } from "./create-index.ts";
import { relationSql } from "./names.ts";
import { worldOf } from "./world.ts";

/** An index of a partitioned table, built one partition at a time. All parts are SQL, but for `name`. */
interface PartitionedIndex {
  readonly parent: Table;
  /** The parent and its schema as the user wrote them; the schema with its dot, or nothing. */
  readonly parentSql: string;
  readonly schemaSql: string;
  /** The name of the parent's index. */
  readonly name: string;
  /** `CREATE UNIQUE INDEX`. */
  readonly create: string;
  /**
   * Its columns, also those included, null where an expression stands; and the expressions: partitions' indexes are named
   * after them.
   */
  readonly keys: readonly (string | null)[];
  readonly expressions: readonly Expression[];
  /** What names end in: `idx`; of constraints `key` or `pkey`. */
  readonly label: "idx" | "key" | "pkey";
  /** What follows the table's name: `USING btree (created_at)`. */
  readonly definition: string;
  /** The statement that makes the parent's own index, without those of the partitions; default: CREATE INDEX ... ON ONLY. */
  readonly top?: string;
  /** What makes a constraint of a partition's index, where the parent's is one: a definition behind `ADD CONSTRAINT name`. */
  readonly constraint?: (index: string) => string;
}

/** Makes an index of the parent that is not valid yet, one of each partition without keeping writers out, and attaches those. */
export function partitionedIndexRecipe(index: PartitionedIndex, context: Context): Migration[] {
  const { parentSql, create, definition } = index;
  const steps = collect(index, context);
  const top = index.top ?? `${create} ${quoteName(index.name)} ON ONLY ${parentSql} ${definition};`;
  const result: Migration[] = [
    {
      title: `Make the index of ${parentSql} alone; it counts once all partitions have theirs`,
      sql: [top, ...steps.tops].join("\n"),
      transaction: true,
    },
  ];
  if (steps.builds.length === 0) return result;
  const title = "Build an index of each partition while others read and write";
  const groups = context.runner.leaving.alone ? steps.builds.map((one) => [one]) : [steps.builds];
  append(
    result,
    groups.flatMap((builds) => outsideTransaction(title, builds, context)),
  );
  result.push({
    title: "Attach them: nothing is built",
    sql: [...steps.constraints, ...steps.attachments].join("\n"),
    transaction: true,
  });
  return result;
}

interface Steps {
  readonly tops: string[];
  readonly builds: string[];
  readonly constraints: string[];
  readonly attachments: string[];
  /** The names of the indexes, with their schemas: long ones may be the same when they are cut. */
  readonly given: Set<string>;
}

function collect(index: PartitionedIndex, context: Context): Steps {
  const steps: Steps = { tops: [], builds: [], constraints: [], attachments: [], given: new Set() };
  steps.given.add(qualifyName(index.parent.schema, index.name));
  const above = `${index.schemaSql}${quoteName(index.name)}`;
  visit(index, index.parent, above, context, steps);
  return steps;
}

function visit(index: PartitionedIndex, table: Table, above: string, context: Context, steps: Steps): void {
  for (const child of context.schema.partitionsOf(table.id)) {
    // The names that the server would choose: whoever compares the two ways finds no difference.
    const { keys, expressions, label } = index;
    const chosen = namePartitionIndex(worldOf(context), child, keys, expressions, label, steps.given);
    const name = quoteName(chosen);
    const full = child.schema === "public" ? name : `${quoteName(child.schema)}.${name}`;
    if (child.partitionBy !== null) {
      steps.tops.push(
        index.constraint === undefined
          ? `${index.create} ${name} ON ONLY ${relationSql(child)} ${index.definition};`
          : `ALTER TABLE ONLY ${relationSql(child)} ADD CONSTRAINT ${name} ${index.constraint("")};`,
      );
      visit(index, child, full, context, steps);
    } else {
      steps.builds.push(`${index.create} CONCURRENTLY ${name} ON ${relationSql(child)} ${index.definition};`);
      if (index.constraint !== undefined)
        steps.constraints.push(
          `ALTER TABLE ${relationSql(child)} ADD CONSTRAINT ${name} ${index.constraint(name)};`,
        );
    }
    steps.attachments.push(`ALTER INDEX ${above} ATTACH PARTITION ${full};`);
  }
}
