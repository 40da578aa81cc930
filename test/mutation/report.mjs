/**
 * What became of the mutants: `{ text, verdicts }`. `noticed`: a test fails; `survived`: all that pass it hold; `at load`: it
 * lies in code that runs once when a file is loaded, where it cannot be switched; `not covered`: no test passes it.
 */
export function renderReport(mutants, results) {
  const verdicts = new Map(mutants.map(({ id }) => [id, verdictOn(id, results)]));
  const lines = [];
  for (const mutant of mutants) {
    if (verdicts.get(mutant.id).verdict !== "survived") continue;
    lines.push(`${mutant.path}:${mutant.start.line + 1}:${mutant.start.column + 1} ${mutant.mutator}`);
    lines.push(`- ${short(mutant.original)}`, `+ ${short(mutant.replacement)}`, "");
  }
  for (const room of new Set(mutants.map((mutant) => mutant.room))) {
    const own = mutants.filter((mutant) => mutant.room === room).map(({ id }) => verdicts.get(id).verdict);
    const count = (verdict) => own.filter((one) => one === verdict).length;
    const [noticed, survived] = [count("noticed"), count("survived")];
    const score = ((100 * noticed) / Math.max(1, noticed + survived)).toFixed(1);
    lines.push(
      `${room}: ${score} % of ${noticed + survived} noticed; ${survived} survived, ${count("not covered")} not covered, ${count("at load")} at load`,
    );
  }
  return { text: lines.join("\n"), verdicts };
}

function verdictOn(id, results) {
  for (const { noticed } of results) if (noticed.has(id)) return { verdict: "noticed", by: noticed.get(id) };
  if (results.some(({ covered }) => covered.has(id))) return { verdict: "survived" };
  return { verdict: results.some(({ atLoad }) => atLoad.has(id)) ? "at load" : "not covered" };
}

function short(text) {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 150 ? `${line.slice(0, 120)} … ${line.slice(-25)}` : line;
}
