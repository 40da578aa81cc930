#!/usr/bin/env bash
# Packs the project, installs the tarball in an empty folder, and uses it as a stranger would.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cd "$root"
tarball=$(npm pack --silent --ignore-scripts --pack-destination "$scratch")
cd "$scratch"
npm init -y >/dev/null
npm install --no-audit --no-fund --omit=dev "./$tarball"
mkdir migrations
printf 'CREATE INDEX orders_status_idx ON orders (status);\n' > migrations/0001_index.sql

status=0
npx --no-install lockwise migrations > out.txt || status=$?
grep -q 'index-without-concurrently' out.txt || { cat out.txt; echo "no finding"; exit 1; }
[ "$status" = 1 ] || { echo "exit status $status instead of 1"; exit 1; }

npx --no-install lockwise --version
npx --no-install lockwise rules > /dev/null
npx --no-install lockwise explain index-without-concurrently > /dev/null
npx --no-install lockwise explain migrations/0001_index.sql > explained.txt
grep -q SHARE explained.txt

cat > library.mjs <<'JS'
import { lint } from "lockwise";
const report = await lint([{ path: "a.sql", text: "CREATE INDEX i ON t (c);" }]);
if (report.diagnostics[0]?.rule !== "index-without-concurrently") throw new Error(JSON.stringify(report));
JS
node library.mjs
# Where WebAssembly does not exist the second parser reads; findings still end with status 1.
node --jitless node_modules/lockwise/dist/lockwise.cjs migrations > jitless.txt 2>/dev/null || [ $? = 1 ]
grep -q 'index-without-concurrently' jitless.txt
echo "packed: ok"
