// Reads and patches `__wasm_split.js`, the script of wasm-split-cli that loads the parts of the app.
import { allMatches, expect, replaceExactly } from "./expect.mjs";

/** The downloads that `#[wasm_split(…)]` marks in `src`. A download that is added or removed there changes here too. */
const DOWNLOADS = ["access", "dashboard", "dialogs", "others", "sign_in", "what_if"];

/** The files of each download: its own part, and the chunks that it shares with others. */
export function downloads(script) {
  const files = chunks(script);
  const loaders = allMatches(
    script,
    /__wasm_split_load_(\w+) = [^;]*?"\.\/([^"]+)".*?\[([^\]]*)\]\)\);/gs,
    'loaders `__wasm_split_load_NAME = wrapAsyncCb(makeLoad(… "./FILE" …, [CHUNKS]))` in __wasm_split.js',
  );
  const names = loaders.map(([, name]) => name).sort();
  expect(names.join() === DOWNLOADS.join(), `the downloads ${DOWNLOADS.join(", ")} in __wasm_split.js, found ${names.join(", ")}`);
  return Object.fromEntries(loaders.map(([, name, file, list]) => [name, [file, ...list.split(", ").filter(Boolean).map((chunk) => fileOf(chunk, files))]]));
}

/** The file of each chunk, by its name in the script. */
function chunks(script) {
  const declared = [...script.matchAll(/const (__chunk_\d+) =/g)];
  const found = [...script.matchAll(/const (__chunk_\d+) = [^;]*?"\.\/([^"]+)"/g)];
  expect(found.length === declared.length, `a file "./FILE" for each of the ${declared.length} chunks in __wasm_split.js, found ${found.length}`);
  return new Map(found.map(([, chunk, file]) => [chunk, file]));
}

function fileOf(chunk, files) {
  expect(files.has(chunk), `a declaration \`const ${chunk} = makeLoad(…)\` in __wasm_split.js`);
  return files.get(chunk);
}

/** Makes the loader take parts from the page's bundle (`fetchBundle` in head.mjs) and request only missing ones. */
export function preferBundle(script, parts) {
  const files = new Set(Object.values(parts).flat());
  return replaceExactly(
    script,
    /fetch\(new URL\("\.\/([^"]+)", import\.meta\.url\)\)/g,
    '(fetchPart("$1") ?? $&)',
    files.size,
    '`fetch(new URL("./FILE", import.meta.url))` in __wasm_split.js, one per file',
  );
}
