// Builds what the browser loads: one style sheet, one script for every page and one for lessons, two faces. Nothing built is kept in the repository.
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { Features, bundleAsync } from "lightningcss";
import subsetFont from "subset-font";

const here = dirname(fileURLToPath(import.meta.url));
const statics = join(here, "../src/sidebyside/web/static");
const built = join(statics, "built");

// Browsers of the second half of 2021 and later.
const version = (major, minor = 0) => (major << 16) | (minor << 8);
const targets = { chrome: version(92), firefox: version(91), safari: version(15), ios_saf: version(15) };

/** The wanted letters of the face, in the weights that the styles use (400 to 700): half the size of the whole file. */
const faces = {
  "atkinson-latin": {
    source: "atkinson-hyperlegible-next-latin-wght-normal.woff2",
    letters: [[0x20, 0x7e], [0xa0, 0xff], [0x131], [0x152, 0x153], [0x2bb, 0x2bc], [0x2c6], [0x2da], [0x2dc], [0x2010, 0x2015], [0x2018, 0x201e], [0x2020, 0x2022], [0x2026], [0x2030], [0x2039, 0x203a], [0x20ac], [0x2122], [0x2190, 0x2193], [0x2212]],
  },
  "atkinson-latin-ext": {
    source: "atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
    letters: [[0x100, 0x130], [0x132, 0x151], [0x154, 0x19f], [0x1b1, 0x24f], [0x1e00, 0x1e9f], [0x1ef2, 0x1eff]],
  },
};

const hex = (code) => code.toString(16).toUpperCase();

async function buildFaces() {
  const folder = join(here, "node_modules/@fontsource-variable/atkinson-hyperlegible-next/files");
  let rules = "";
  for (const [name, { source, letters }] of Object.entries(faces)) {
    let text = "";
    for (const [first, last = first] of letters) for (let code = first; code <= last; code++) text += String.fromCodePoint(code);
    const font = await subsetFont(await readFile(join(folder, source)), text, { targetFormat: "woff2", variationAxes: { wght: { min: 400, max: 700 } } });
    await writeFile(join(built, `${name}.woff2`), font);
    const range = letters.map(([first, last]) => `U+${hex(first)}${last ? `-${hex(last)}` : ""}`).join(",");
    rules += `@font-face{font-family:"Atkinson Hyperlegible Next";font-weight:400 700;font-display:swap;src:url(${name}.woff2) format("woff2");unicode-range:${range}}`;
  }
  return rules;
}

// Layers came to browsers in 2022. In the order of their list they mean the same without the word, as base.css weighs nothing.
const withoutLayers = (css) => css.replace(/^@layer [^{};]+;$/m, "").replace(/ layer\(\w+\);/g, ";");

async function buildStyles(name) {
  const { code } = await bundleAsync({
    filename: join(statics, "css", name),
    resolver: { read: async (file) => withoutLayers(await readFile(file, "utf8")) },
    targets,
    minify: true,
    // logical properties are known to all of these browsers; lowered, there would be two style sheets in one
    exclude: Features.LogicalProperties | Features.DirSelector | Features.LangSelectorList,
  });
  // the wider colours are dropped again: all of ours lie within what every screen shows
  const lowered = code.toString().replace(/@supports \(color:lab\(0% 0 0\)\)\{[^{}]*\{[^{}]*\}\}/g, "");
  for (const word of ["light-dark(", "oklch(", "lab(", "@layer", "@import"]) {
    if (lowered.includes(word)) throw new Error(`${name}: ${word} was not lowered`);
  }
  return lowered;
}

await rm(built, { recursive: true, force: true });
await mkdir(built, { recursive: true });
await writeFile(join(built, "side.css"), (await buildFaces()) + (await buildStyles("side.css")));
await writeFile(join(built, "design.css"), await buildStyles("design.css"));
const scripts = { outdir: built, bundle: true, minify: true, format: "esm", target: ["es2021"], entryNames: "[name]", legalComments: "none", banner: { js: "/* Licences of what is in here: licences.txt */" }, metafile: true, absWorkingDir: here, logLevel: "warning" };
// There is one store of the device in a page: the scripts of single pages take it from the one that every page has loaded.
const storeOfThePage = {
  name: "store of the page",
  setup: (build) => build.onResolve({ filter: /\/device-store\.js$/ }, () => ({ path: "./side.js", external: true })),
};
const side = await esbuild.build({ ...scripts, entryPoints: [join(here, "src/side.js")] });
const lesson = await esbuild.build({ ...scripts, entryPoints: [join(here, "src/lesson.js")], plugins: [storeOfThePage] });
await writeLicences([side, lesson]);

/** The licences of others whose work is in the scripts, which ask to be passed on with it. */
async function writeLicences(builds) {
  const files = builds.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const names = new Set(files.map((file) => file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean));
  const texts = [];
  for (const name of [...names].sort()) {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
    texts.push(`${name} ${version} (${license})\n\n${file ? (await readFile(join(folder, file), "utf8")).trim() : ""}\n`);
  }
  await writeFile(join(built, "licences.txt"), texts.join("\n----\n\n"));
}
