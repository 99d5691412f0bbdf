/**
 * Builds what the browser loads into web/static: modules by esbuild, styles by sass, an icon sprite,
 * and manifest.json, from a file's plain name to its hashed one. `--watch` builds again on changes.
 */
import { createHash } from "node:crypto";
import { existsSync, watch } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";
import { purge } from "./purge.mjs";

const client = dirname(fileURLToPath(import.meta.url));
const web = resolve(client, "..");
const output = join(web, "static");
const production = !process.argv.includes("--watch");
const target = ["es2022", "chrome123", "firefox121", "safari17.5"];

async function build() {
  const written = new Map();
  const manifest = {};
  const sources = await texts(web, [".html", ".py", ".ts", ".scss", ".css"]);
  Object.assign(manifest, await scripts(written), await solver(written), await styles(written, sources), await icons(written, [...sources, ...(await sentences())]), await images(written));
  Object.assign(manifest, await worker(written, manifest));
  written.set("words.json", JSON.stringify(words(sources.filter(({ path }) => path.endsWith(".ts"))), null, 1));
  written.set("manifest.json", JSON.stringify(sorted(manifest), null, 1));
  await write(written);
  return manifest;
}

/** Pages load modules; what two of them share, or what one loads late, becomes a chunk. */
async function scripts(written) {
  const pages = (await readdir(client)).filter((name) => ["app.ts", "room.ts", "passkeys.ts", "sign-in.ts"].includes(name));
  return bundle(written, pages, { format: "esm", splitting: true, entryNames: "[name]-[hash]" });
}

/** What works beside a page, off its main thread. */
async function solver(written) {
  return bundle(written, ["solver.ts"], { format: "iife", entryNames: "[name]-[hash]" });
}

/** The worker differs whenever anything does, so that browsers take the new page with the new files. */
async function worker(written, manifest) {
  const digest = createHash("sha256").update(JSON.stringify(sorted(manifest))).digest("hex").slice(0, 8);
  return bundle(written, ["worker.ts"], { format: "iife", entryNames: "[name]-[hash]", define: { BUILD: JSON.stringify(digest) } });
}

async function bundle(written, names, options) {
  const result = await esbuild.build({
    absWorkingDir: client,
    entryPoints: names,
    outdir: output,
    bundle: true,
    write: false,
    metafile: true,
    minify: production,
    target,
    chunkNames: "chunk-[hash]",
    legalComments: "none",
    conditions: ["production", "browser"],
    ...options,
  });
  for (const file of result.outputFiles) written.set(basename(file.path), file.contents);
  const entries = Object.entries(result.metafile.outputs).filter(([, { entryPoint }]) => names.includes(entryPoint ?? ""));
  return Object.fromEntries(entries.map(([path, { entryPoint }]) => [`${basename(entryPoint, ".ts")}.js`, basename(path)]));
}

/** styles/app.scss for every page; any other styles/<page>.scss or .css for that page. */
async function styles(written, sources) {
  const folder = join(client, "styles");
  const found = {};
  for (const name of (await readdir(folder)).filter((each) => /^[^_].*\.s?css$/.test(each)).sort()) {
    const { css } = sass.compile(join(folder, name), { loadPaths: [folder, join(client, "node_modules")], quietDeps: true });
    const needed = purge(css, sources.map(({ text }) => text));
    const { code } = await esbuild.transform(needed, { loader: "css", minify: production, target });
    const plain = `${basename(name, extname(name))}.css`;
    found[plain] = hashed(written, plain, code);
  }
  return found;
}

/** One sprite of just the icons that templates, pages, elements and sentences name: icon("…"), icon="…". */
async function icons(written, sources) {
  const names = new Set(sources.flatMap(({ text }) => [...text.matchAll(ICON)].map((match) => match[1])));
  const symbols = [];
  for (const name of [...names].sort()) symbols.push(await symbol(name, sources));
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
  return { "icons.svg": hashed(written, "icons.svg", sprite) };
}

const ICON = /\bicon(?:_name|Name)?["']?\s*(?:\(|=|:)\s*["']([a-z0-9][a-z0-9-]*)["']/g;

async function symbol(name, sources) {
  const filled = name.endsWith("-filled");
  const file = join(client, "node_modules/@tabler/icons/icons", filled ? "filled" : "outline", `${name.replace(/-filled$/, "")}.svg`);
  const own = join(client, "styles/icons", `${name}.svg`);
  const svg = await readFile(own, "utf8").catch(() => readFile(file, "utf8")).catch(() => null);
  if (svg === null) throw new Error(`no icon "${name}" (${sources.find(({ text }) => text.includes(`"${name}"`))?.path})`);
  const inside = svg.replace(/[^]*?<svg[^>]*>/, "").replace("</svg>", "").replace(/<path stroke="none"[^>]*>/, "").replace(/\s*\n\s*/g, "");
  const paint = filled ? 'fill="currentColor"' : 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${paint}>${inside}</symbol>`;
}

async function images(written) {
  const folder = join(client, "images");
  const named = (await readdir(folder)).map(async (name) => [name, hashed(written, name, await readFile(join(folder, name)))]);
  return Object.fromEntries(await Promise.all(named));
}

/** Every text that the browser may say, so that the server can give it just these in the person's language. */
function words(sources) {
  const found = new Map();
  for (const source of sources) {
    const text = source.text.replace(/\/\*[^]*?\*\//g, "");
    for (const match of text.matchAll(/\bt\(\s*("(?:[^"\\]|\\.)*")/g)) found.set(JSON.parse(match[1]), null);
    for (const match of text.matchAll(/\btn\(\s*("(?:[^"\\]|\\.)*"),\s*("(?:[^"\\]|\\.)*")/g)) {
      found.set(JSON.parse(match[1]), JSON.parse(match[2]));
    }
  }
  return [...found].sort().map(([one, many]) => (many === null ? one : [one, many]));
}

async function texts(folder, extensions) {
  const names = await readdir(folder, { recursive: true });
  const wanted = names.filter((name) => extensions.some((end) => name.endsWith(end)) && !/(^|\/)(node_modules|tests|static|__pycache__)\//.test(name));
  return Promise.all(wanted.map(async (path) => ({ path: relative(web, join(folder, path)), text: await readFile(join(folder, path), "utf8") })));
}

/** What is said of events stands beside them, in the packages below. */
async function sentences() {
  const root = resolve(web, "..");
  const folders = await readdir(root, { withFileTypes: true });
  const packages = folders.filter((each) => each.isDirectory() && existsSync(join(root, each.name, "__init__.py")));
  const found = await Promise.all(packages.map(({ name }) => texts(join(root, name), ["sentences.py"])));
  return found.flat();
}

function hashed(written, plain, content) {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 8);
  const name = `${basename(plain, extname(plain))}-${digest}${extname(plain)}`;
  written.set(name, content);
  return name;
}

function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** New files first, then the old ones go, so that a server at work finds every file it names. */
async function write(written) {
  await mkdir(output, { recursive: true });
  for (const [name, content] of written) await writeFile(join(output, name), content);
  for (const name of await readdir(output)) {
    if (!written.has(name) && name !== ".gitignore") await rm(join(output, name), { recursive: true });
  }
}

function rebuildOnChange() {
  let due = null;
  const again = () => {
    clearTimeout(due);
    due = setTimeout(() => build().then(() => console.log("built"), (error) => console.error(error.message)), 100);
  };
  for (const folder of [client, join(web, "templates")]) {
    watch(folder, { recursive: true }, (_, name) => /node_modules/.test(name ?? "") || again());
  }
}

const manifest = await build();
for (const [plain, name] of Object.entries(manifest)) console.log(`${plain} → ${name}`);
if (!production) rebuildOnChange();
