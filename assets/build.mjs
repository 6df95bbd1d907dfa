// Bundles the console's scripts, prints what each weighs with all that it loads at once, and fails when
// a page would load too much. What is loaded on demand (a kind of chart) lies in chunks/. The script for the
// brand's own pages, guanxi.js, is one file that the front door serves.
import { gzipSync } from "node:zlib";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const PAGE_KB_MAX = 200; // scripts of one page, gzipped; the map is apart
const VISITOR_KB_MAX = 4; // guanxi.js, gzipped: visitors load it on a phone
const HEAVY_PAGE = ["line", "bar"]; // the kinds of chart that the heaviest page (Results) shows

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const out = "src/guanxi/console/static/console/dist";
const visitors = "guanxi.js";
const atTheDoor = `src/guanxi/listen/dist/${visitors}`;
const entries = readdirSync(here).filter((name) => name.endsWith(".js") && name !== visitors);

rmSync(join(root, out), { recursive: true, force: true });
const { outputs } = (
  await build({
    absWorkingDir: root,
    entryPoints: entries.map((name) => `assets/${name}`),
    outdir: out,
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "linked",
    logLevel: "warning",
    metafile: true,
  })
).metafile;

await build({
  absWorkingDir: root,
  entryPoints: [`assets/${visitors}`],
  outfile: atTheDoor,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2017",
  logLevel: "warning",
});

const kilobytes = (path) => gzipSync(readFileSync(join(root, path))).length / 1024;
const importsOf = (path, kind) => outputs[path].imports.filter((one) => one.kind === kind).map((one) => one.path);

function loadedAtOnce(path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  importsOf(path, "import-statement").forEach((next) => loadedAtOnce(next, seen));
  return seen;
}

const weight = (paths) => [...paths].reduce((sum, path) => sum + kilobytes(path), 0);

for (const name of entries) {
  console.log(`  ${name.padEnd(10)} ${weight(loadedAtOnce(`${out}/${name}`)).toFixed(0).padStart(4)} KB gzipped`);
}

const atOnce = new Set(["app.js", "charts.js"].flatMap((name) => [...loadedAtOnce(`${out}/${name}`)]));
const onDemand = importsOf(`${out}/charts.js`, "dynamic-import");
const kinds = HEAVY_PAGE.map((kind) => onDemand.find((path) => path.includes(`/${kind}-`)));
const page = new Set([...atOnce, ...kinds.flatMap((path) => [...loadedAtOnce(path)])]);
console.log(`  a page with ${HEAVY_PAGE.join(", ")} loads ${weight(page).toFixed(0)} KB of at most ${PAGE_KB_MAX}`);
if (weight(page) > PAGE_KB_MAX) {
  console.error("A page would load more script than it may.");
  process.exit(1);
}
console.log(`  ${visitors} weighs ${kilobytes(atTheDoor).toFixed(1)} KB of at most ${VISITOR_KB_MAX}`);
if (kilobytes(atTheDoor) > VISITOR_KB_MAX) {
  console.error("guanxi.js weighs more than it may.");
  process.exit(1);
}
