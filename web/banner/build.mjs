// Builds the banner into the folder that is given: `node build.mjs OUT`. The same source gives the same bytes.
import { build, transform } from "esbuild";
import { readFile } from "node:fs/promises";

const out = process.argv[2];
if (!out) throw new Error("say where to: node build.mjs OUT");

const target = ["es2022", "chrome105", "firefox121", "safari16.4"];
const { code } = await transform(await readFile("src/style.css", "utf8"), { loader: "css", minify: true, target });
const shared = {
  bundle: true,
  minify: true,
  charset: "utf8",
  legalComments: "none",
  target,
  tsconfigRaw: "{}",
  define: { CSS_TEXT: JSON.stringify(code.trim()) },
};

await Promise.all([
  build({ ...shared, format: "iife", entryPoints: ["src/classic.ts"], outfile: `${out}/consent.js` }),
  build({ ...shared, format: "esm", entryPoints: ["src/module.ts"], outfile: `${out}/consent.mjs` }),
  build({ ...shared, format: "iife", entryPoints: ["src/gcm.ts"], outfile: `${out}/consent-gcm.js` }),
  build({ ...shared, format: "iife", entryPoints: ["src/compat.ts"], outfile: `${out}/consent-compat.js` }),
]);
