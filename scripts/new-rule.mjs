// npm run new-rule <id>: a rule file and its two fixtures, ready to be filled.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const id = process.argv[2] ?? "";

if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
  console.error(
    "usage: npm run new-rule <id>, where the id is a noun phrase in kebab-case: index-without-concurrently",
  );
  process.exit(2);
}
const rule = join(root, "rules", `${id}.ts`);
const folder = join(root, "fixtures", id);
if (existsSync(rule) || existsSync(folder)) {
  console.error(`${id} is there already`);
  process.exit(2);
}

writeFileSync(
  rule,
  `import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "${id}",
  severity: "warning",
  category: "lock",
  summary: "What is flagged, in one line without a full stop",
  why: "Who waits for whom, and for how long.",
  instead: "The safe way, in words.",
  references: [],
  on: ["create index"],

  *check(index, context) {
    if (context.isNew(index.table)) return;
    yield { at: index.head, message: \`Writes to \${context.nameOf(index.table)} wait\` };
  },
});
`,
);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "bad.sql"), "");
writeFileSync(join(folder, "good.sql"), "");
console.log(`Now write, in this order:
  fixtures/${id}/bad.sql    every form that has to be flagged
  fixtures/${id}/good.sql   what must stay silent, under all default rules
  rules/${id}.ts            the rule
then: npm run generate && npm test -- -u, read fixtures/${id}/expected.txt, and add a line to CHANGELOG.md`);
