// Measures a what-if calculation in WebAssembly, in milliseconds: node slider.mjs slider.wasm
import { readFile } from "node:fs/promises";

const ROUNDS = 400;
/** Budgets that run out within days, within a year, and never. */
const BUDGETS = [500, 10_000, 10_000_000];

const module = await WebAssembly.compile(await readFile(process.argv[2]));
const { slide } = (await WebAssembly.instantiate(module, {})).exports;
const times = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const started = performance.now();
  const days = slide(BUDGETS[round % BUDGETS.length], 5 + (round % 20));
  times.push(performance.now() - started);
  if (Number.isNaN(days)) {
    throw new Error("the what-if calculation returned no result");
  }
}
const warm = times.slice(ROUNDS / 4).sort((a, b) => a - b);
console.log(`what_if_wasm ${warm[Math.floor(warm.length / 2)].toFixed(3)} ${warm.at(-1).toFixed(3)}`);
