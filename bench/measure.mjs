import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const gnuTime = "/usr/bin/time";

/**
 * Runs a command once, after its `before`. Resolves to wall and processor time in milliseconds and to the peak memory in MB
 * (the last two need GNU time, and are null without it), or to null where it takes longer than `limit` or cannot be started.
 */
export function measureOnce({ line: [command, ...given], env, before }, limit) {
  before?.();
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const notes = join(folder, "time");
  const isTimed = process.platform === "linux" && existsSync(gnuTime);
  const [program, args] = isTimed
    ? [gnuTime, ["-q", "-f", "%U %S %M", "-o", notes, command, ...given]]
    : [command, given];
  return new Promise((resolve) => {
    const start = process.hrtime.bigint();
    const child = spawn(program, args, { stdio: "ignore", detached: true, env: { ...process.env, ...env } });
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      // The group that was made for it: time and what it runs.
      process.kill(-child.pid, "SIGKILL");
    }, limit);
    const end = (hasRun) => {
      clearTimeout(timer);
      const wall = Number(process.hrtime.bigint() - start) / 1e6;
      const numbers =
        isTimed && hasRun && !isLate ? readFileSync(notes, "utf8").trim().split(/\s+/).map(Number) : [];
      rmSync(folder, { recursive: true, force: true });
      const [user = null, system = null, memory = null] = numbers;
      const cpu = user === null ? null : (user + system) * 1000;
      resolve(isLate || !hasRun ? null : { wall, cpu, memory: memory === null ? null : memory / 1024 });
    };
    child.on("error", () => end(false));
    child.on("close", () => end(true));
  });
}

/** All tools in turn, again and again, so that what else the machine does falls on all of them. */
export async function measureInTurn(commands, { rounds, limit, say }) {
  const samples = commands.map(() => []);
  const isOut = commands.map((command) => command === null);
  for (let round = 0; round < rounds; round++) {
    for (const [index, command] of commands.entries()) {
      if (isOut[index]) continue;
      const sample = await measureOnce(command, limit);
      if (sample === null) isOut[index] = true;
      else samples[index].push(sample);
      say(".");
    }
  }
  return samples.map((all, index) => (isOut[index] || all.length === 0 ? null : summarise(all)));
}

function summarise(samples) {
  const middle = (key) => {
    const values = samples.map((sample) => sample[key]).sort((a, b) => a - b);
    return values.includes(null) ? null : values[Math.floor((values.length - 1) / 2)];
  };
  return {
    wall: middle("wall"),
    cpu: middle("cpu"),
    memory: samples.reduce((most, { memory }) => Math.max(most, memory ?? 0), 0) || null,
  };
}
