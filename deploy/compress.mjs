// node compress.mjs frontend/dist
// Compresses the built dashboard in advance, so that servers need not compress it for each visitor. `offercast` serves
// NAME.br, nginx serves NAME.gz.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const folder = process.argv[2];
const texts = readdirSync(folder, { recursive: true }).filter((name) => /\.(js|wasm|css|svg)$/.test(name));
for (const name of texts) {
  const path = join(folder, name);
  const bytes = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}
