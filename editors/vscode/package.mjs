// node editors/vscode/package.mjs [file.vsix]: the extension as one file, made without the network.
// A .vsix is a zip with a manifest; the registry's own packager brings 300 packages along to make one.
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { build } from "esbuild";
import { zipSync } from "fflate";

const here = import.meta.dirname;
const root = join(here, "../..");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
// The extension goes with the release whose server it brings.
const manifest = { ...JSON.parse(readFileSync(join(here, "package.json"), "utf8")), version };
const out = resolve(process.argv[2] ?? `lockwise-${version}.vsix`);
const bundled = new Set();
const stage = mkdtempSync(join(tmpdir(), "lockwise-vsix-"));

try {
  const server = join(stage, "extension/server");
  execFileSync(process.execPath, [
    join(root, "scripts/build.mjs"),
    "--quiet",
    "--executable",
    "--out",
    server,
  ]);
  writeFileSync(join(server, "package.json"), '{ "type": "module" }\n');
  const parser = "server/node_modules/pgsql-ast-parser";
  put(`${parser}/package.json`, '{ "main": "index.js" }\n');
  // The second parser is a package of its own for the executable: here it is one file, with all that is asked of it.
  const contents = 'export { parse } from "pgsql-ast-parser";';
  const stdin = { contents, resolveDir: root };
  await bundle({ stdin, format: "cjs", outfile: join(stage, "extension", parser, "index.js") });
  const main = { entryPoints: [join(here, "extension.js")], format: "cjs" };
  await bundle({ ...main, outfile: join(stage, "extension/extension.cjs") });
  put("THIRD-PARTY-LICENSES.txt", licences());
  put("package.json", `${JSON.stringify(manifest, null, 2)}\n`);
  for (const [from, name] of [
    [join(here, "README.md"), "README.md"],
    [join(root, "CHANGELOG.md"), "CHANGELOG.md"],
    [join(root, "LICENSE"), "LICENSE.txt"],
    [join(server, "config.schema.json"), "config.schema.json"],
  ]) {
    cpSync(from, join(stage, "extension", name));
  }
  writeFileSync(join(stage, "extension.vsixmanifest"), vsixManifest());
  writeFileSync(join(stage, "[Content_Types].xml"), contentTypes());
  mkdirSync(dirname(out), { recursive: true });
  // The same files give the same bytes: no time of today, no order of the disk.
  const entries = filesBelow(stage).map((path) => [
    relative(stage, path).replaceAll("\\", "/"),
    [readFileSync(path), { mtime: "2000-01-01", level: 9 }],
  ]);
  writeFileSync(out, zipSync(Object.fromEntries(entries)));
  console.log(`${Math.round(statSync(out).size / 1024)} kB  ${relative(process.cwd(), out)}`);
} finally {
  rmSync(stage, { recursive: true, force: true });
}

function put(name, text) {
  const path = join(stage, "extension", name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function bundle(options) {
  const { metafile } = await build({
    metafile: true,
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: "node20",
    minify: true,
    external: ["vscode"],
    logLevel: "warning",
    ...options,
  });
  for (const path of Object.keys(metafile.inputs)) {
    const [, folder] = /^(?:.*\/)?(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
    if (folder !== undefined) bundled.add(folder);
  }
}

/** The licence of every package that the extension's own files hold; the server brings those of its own. */
function licences() {
  const texts = [...bundled].sort().map((folder) => {
    const {
      name,
      version: of,
      license,
    } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? license : readFileSync(join(root, folder, file), "utf8").trim();
    return `${name} ${of} (${license})\n\n${text}\n`;
  });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

function vsixManifest() {
  const { name, publisher, displayName, description, categories, keywords, engines } = manifest;
  const property = (id, value) =>
    `<Property Id="Microsoft.VisualStudio.${id}" Value="${escapeXml(value)}" />`;
  const asset = (type, path) =>
    `<Asset Type="Microsoft.VisualStudio.${type}" Path="extension/${path}" Addressable="true" />`;
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${name}" Version="${version}" Publisher="${publisher}" />
    <DisplayName>${escapeXml(displayName)}</DisplayName>
    <Description xml:space="preserve">${escapeXml(description)}</Description>
    <Tags>${escapeXml(keywords.join(","))}</Tags>
    <Categories>${escapeXml(categories.join(","))}</Categories>
    <GalleryFlags>Public</GalleryFlags>
    <Properties>
      ${property("Code.Engine", engines.vscode)}
      ${property("Code.ExtensionDependencies", "")}
      ${property("Code.ExtensionPack", "")}
      ${property("Code.ExtensionKind", "workspace")}
      ${property("Services.Links.Source", "https://github.com/lockwise/lockwise.git")}
    </Properties>
    <License>extension/LICENSE.txt</License>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code" /></Installation>
  <Dependencies />
  <Assets>
    ${asset("Code.Manifest", "package.json")}
    ${asset("Services.Content.Details", "README.md")}
    ${asset("Services.Content.Changelog", "CHANGELOG.md")}
    ${asset("Services.Content.License", "LICENSE.txt")}
  </Assets>
</PackageManifest>
`;
}

/** Every ending of a file has a type; VS Code reads none of them, but the format wants them all. */
function contentTypes() {
  const endings = new Set(filesBelow(stage).map((path) => /\.(\w+)$/.exec(path)?.[1] ?? "txt"));
  const types = {
    json: "application/json",
    vsixmanifest: "text/xml",
    md: "text/markdown",
    txt: "text/plain",
  };
  const rows = [...endings].map(
    (ending) =>
      `<Default Extension=".${ending}" ContentType="${types[ending] ?? "application/octet-stream"}" />`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${rows.join("")}</Types>
`;
}

function escapeXml(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
