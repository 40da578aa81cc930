import {
  behindUnread,
  type Effects,
  type Failure,
  isOfNames,
  type Lock,
  type Uncertainty,
} from "../analysis/effect.ts";
import { findFreshValue, isSurelyMeant } from "../analysis/fresh-enum.ts";
import { isInTransaction, type Session } from "../analysis/session.ts";
import { refusalOf } from "../analysis/session-refusals.ts";
import { blocksReads, blocksWrites } from "../model/locks.ts";
import { isStandIn } from "../model/stand-in.ts";
import type { Statement } from "../model/statement.ts";
import { lengthOf, withParser } from "../parse/load.ts";
import type { Parser } from "../parse/parser.ts";
import { indexLines, type LineIndex, positionAt } from "../text/lines.ts";
import type { Span } from "../text/span.ts";
import { isTooDeep } from "./bodies.ts";
import type { NodeContext } from "./context.ts";
import { unknownCall } from "./doubt.ts";
import type { EngineOptions } from "./engine-options.ts";
import {
  addToRunning,
  type BodyPlace,
  isBareCall,
  ofBranches,
  type RunningStatement,
  settleRunning,
  startRunning,
  stopRunning,
} from "./explain-bodies.ts";
import type { ExplainedStatement, Explanation } from "./explanation.ts";
import { factsOf, type UnitFacts } from "./facts.ts";
import { tellCutShort } from "./file-limits.ts";
import { replayHistory } from "./history.ts";
import { defaultPostgresVersion, type Source } from "./options.ts";
import type { Place } from "./place.ts";
import { namesOf, restoreName } from "./placeholder-names.ts";
import { runUnit } from "./run.ts";
import { startRun } from "./run-state.ts";
import { openPlanner } from "./units.ts";
import { sqlWithoutStandIns, unknownKind, withoutStandIns } from "./unknown-names.ts";
import type { Visitor } from "./visit.ts";

/** Explains the statements of sources in the order in which they run; those of role `history` are replayed only. */
export async function explainSources(
  sources: readonly Source[],
  options: EngineOptions,
): Promise<Explanation> {
  // What is known of the history already is not read again.
  const judged = sources.filter(({ role }) => role !== "history");
  return withParser(options.parser, lengthOf(judged), (parser) => explainWith(parser, sources, options));
}

function explainWith(parser: Parser, sources: readonly Source[], options: EngineOptions): Explanation {
  const version = options.postgresVersion ?? defaultPostgresVersion;
  const planner = openPlanner(sources, options);
  const run = startRun(options, version, parser, sources);
  const statements: ExplainedStatement[] = [];
  const lines = new Map<string, LineIndex>();
  const enums = { hasAddition: false };
  const past = replayHistory(sources, planner, run, options);
  planner.unitsOf(sources.slice(past.sources)).forEach((planned, k) => {
    const { path, text } = planned.source;
    const index = lines.get(path) ?? indexLines(text);
    lines.set(path, index);
    const isExplained = planned.role === "judge" || planned.role === "baseline";
    const visitor = isExplained ? createExplainer(index, statements, enums) : null;
    runUnit(
      run,
      isExplained ? { ...planned, role: "judge" } : planned,
      factsOf(planned, past.units + k, options, run),
      visitor,
    );
  });
  const complaints = tellCutShort(run.cutShort);
  return { version: 1, postgresVersion: version, runner: planner.runner, statements, complaints };
}

const nothing = { locks: [], rewrites: [], scans: [], buildsIndexes: [] };

/** Whether a value was added to an enum so far: till then nobody needs to look for uses of it. */
interface EnumNotes {
  hasAddition: boolean;
}

function createExplainer(lines: LineIndex, statements: ExplainedStatement[], enums: EnumNotes): Visitor {
  const place = (span: Span, facts: UnitFacts) => ({
    path: facts.path,
    line: positionAt(lines, span.start).line,
    sql: lines.text.slice(span.start, span.end),
  });
  let running: RunningStatement | null = null;
  const settle = () => {
    if (running?.hasBody || running?.own.kind === "do") statements[running.index] = settleRunning(running);
    running = null;
  };
  /** Adds what stands in a body, and to the statement that runs it what it does. */
  const addInBody = (inner: ExplainedStatement, ids: readonly (number | null)[], where: BodyPlace) => {
    if (running === null) return;
    addToRunning(running, inner, ids, where);
    statements.push({ ...inner, within: running.own.line });
  };
  const addOutside = (explained: ExplainedStatement) => {
    settle();
    statements.push(explained);
  };
  return {
    leavesRefused: true,
    statement({ statement, world, context, facts, place: own }) {
      const { span, text, shown } = own;
      const names = namesOf(facts, text, shown);
      const spell = (name: string, kind?: Lock["kind"]) => withoutStandIns(restoreName(name, names), kind);
      enums.hasAddition ||= statement.kind === "alter enum" && statement.action === "add value";
      const effects = enums.hasAddition
        ? refuseFreshValue(statement, context, facts.version, text)
        : context.effects;
      const explained: ExplainedStatement = {
        ...place(span, facts),
        ...sqlOfOwn(shown.slice(statement.span.start, statement.span.end), own),
        kind: statement.kind,
        transaction: stateOf(context.world.session),
        ...explainEffects(
          effects,
          refusalOf(statement, effects, context.world.session, text),
          spell,
          context.waitedFor(),
          world.schema.hasUnread,
          { ...own, calls: statement.kind === "select" ? unknownCall(statement, world.schema) : null },
        ),
      };
      if (own.depth > 0) {
        const ids = effects.locks.map(({ id }) => id);
        // What a routine does that was read is told by what it runs.
        const { certainty, on, ...sure } = explained;
        const isRead = isBareCall(statement, world.schema) && !isTooDeep(own);
        const ways = own.ways.length > 0 ? { ways: own.ways } : {};
        addInBody({ ...(isRead ? sure : explained), ...ways }, ids, own);
        return;
      }
      addOutside(explained);
      running = startRunning(
        explained,
        statements.length - 1,
        span,
        world.schema,
        isBareCall(statement, world.schema),
      );
    },
    raised(sqlstate, own) {
      if (running === null) return;
      const fails = sqlstate === null ? null : { sqlstate, reason: "its RAISE EXCEPTION stops it" };
      stopRunning(running, fails, own);
    },
    hasStopped: () => running?.isStopped === true,
    commitRefused(own) {
      if (running === null) return;
      const where = own.handled === null ? "a transaction or function" : "a block with EXCEPTION";
      const reason = `COMMIT and ROLLBACK are refused inside of ${where}`;
      stopRunning(running, { sqlstate: "2D000", reason }, own);
    },
    syntaxError(node, world, facts, own) {
      const transaction = stateOf(world.session);
      const fails = { sqlstate: isUnsupported(node.message) ? "0A000" : "42601", reason: node.message };
      const broken = { ...place(node.span, facts), kind: "syntax error", transaction, ...nothing, fails };
      if (own !== null && own.depth > 0) addInBody(broken, [], own);
      else addOutside(broken);
    },
    brokenBody({ message }) {
      if (running === null) return;
      const made = { ...running.own, fails: { sqlstate: "42601", reason: message } };
      statements[running.index] = made;
    },
    notUnderstood(span, reason, world, facts, inside) {
      // A body that stands elsewhere has but a point in the file, that of the call.
      const isPoint = inside !== undefined && span.end - span.start < 2;
      const sql = inside?.sql ?? (isPoint ? running?.own.sql : undefined);
      const unread: ExplainedStatement = {
        ...place(span, facts),
        ...(sql !== undefined && { sql: sqlWithoutStandIns(sql) }),
        kind: "not understood",
        transaction: stateOf(world.session),
        ...nothing,
        fails: null,
        certainty: "depends",
        on: reason,
      };
      if (inside === undefined) addOutside(unread);
      else addInBody(unread, [], { mayBeSkipped: false, handled: null });
    },
    end: settle,
  };
}

/**
 * The text of a statement where the file does not have it in one piece: that of a routine which another file makes, and what a
 * body puts together. Each round of a loop has its own.
 */
function sqlOfOwn(
  sql: string,
  { isElsewhere, round }: Pick<Place, "isElsewhere" | "round">,
): { readonly sql?: string } {
  return isElsewhere || round !== undefined || isStandIn(sql) ? { sql: sqlWithoutStandIns(sql) } : {};
}

/** A value that the transaction itself has added to an enum cannot be used in it. */
function refuseFreshValue(
  statement: Statement,
  context: NodeContext,
  version: number,
  text: string,
): Effects {
  const { effects, world } = context;
  if (effects.fails !== null || !isInTransaction(world.session)) return effects;
  const { schema } = world;
  const transaction = world.session.transactionNumber;
  const place = { schema, version, transaction, text, locks: () => effects.locks };
  const use = findFreshValue(statement, place);
  if (use === null || !isSurelyMeant(statement, use, place)) return effects;
  const reason = `${use.value} was added to ${use.type.name} in this same transaction`;
  return { ...effects, fails: { sqlstate: "55P04", reason } };
}

/** What the grammar knows, and refuses with a code of its own. */
function isUnsupported(message: string): boolean {
  return /not (?:yet )?implemented$|cannot be marked |no longer supported$|not supported on recursive/.test(
    message,
  );
}

/** A body is the implicit transaction of the statement that runs it. */
function stateOf({ transaction }: Session): ExplainedStatement["transaction"] {
  return transaction === "body" ? "implicit" : transaction;
}

/** What makes a refusal for names doubtful: what nobody read, and the branch around it, which may be taken for what it finds. */
function doubtOf(fails: Failure | null, isBehindUnread: boolean, mayBeSkipped: boolean): Uncertainty | null {
  if (fails === null || !isOfNames(fails)) return null;
  return isBehindUnread ? behindUnread : mayBeSkipped ? { on: ofBranches } : null;
}

/** `spell` gives the names of stand-ins as people know them; `waitedFor` are the locks on what others can use. */
function explainEffects(
  effects: Effects,
  fails: Failure | null,
  spell: (name: string, kind?: Lock["kind"]) => string,
  waitedFor: readonly Lock[],
  isBehindUnread: boolean,
  { guess, mayBeSkipped, calls }: Pick<Place, "guess" | "mayBeSkipped"> & { readonly calls: string | null },
) {
  // Refused before it has begun.
  if (fails?.sqlstate === "25P01") return { ...nothing, fails };
  const unknown = unknownKind(effects.locks);
  const ofCall = fails === null && calls !== null ? { on: `what ${calls} does` } : null;
  const ofPlace = guess === null ? doubtOf(fails, isBehindUnread, mayBeSkipped) : { on: guess };
  const uncertain = effects.uncertain ?? ofPlace ?? ofCall;
  const waited = new Set(waitedFor);
  return {
    locks: effects.locks.map((lock) => {
      const { relation, kind, mode, table, because, isRetired } = lock;
      return {
        relation: spell(relation, kind),
        mode,
        blocksReads: blocksReads(mode),
        blocksWrites: blocksWrites(mode),
        ...(table === undefined ? {} : { table: spell(table) }),
        ...(because === undefined ? {} : { because: spell(because) }),
        ...(isRetired && { isRetired }),
        ...(!waited.has(lock) && { isNew: true as const }),
      };
    }),
    rewrites: effects.rewrites.map((name) => spell(name)),
    scans: effects.scans.map((name) => spell(name)),
    buildsIndexes: effects.buildsIndexes.map((name) => spell(name, "index")),
    fails: fails === null ? null : { sqlstate: fails.sqlstate, reason: spell(fails.reason, unknown) },
    ...(uncertain === null ? {} : { certainty: "depends" as const, on: spell(uncertain.on, unknown) }),
  };
}
