import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/** Bundles a TypeScript module (Node 20 cannot run it) and imports it; packages stay outside. */
export async function loadTypeScript(entry) {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    write: false,
    logLevel: "silent",
  });
  // Inside the project, so that packages are found.
  const folder = await mkdtemp(join(import.meta.dirname, "..", "node_modules", ".load-"));
  try {
    const file = join(folder, "module.mjs");
    await writeFile(file, result.outputFiles[0].text);
    return await import(pathToFileURL(file).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
