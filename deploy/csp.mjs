// Prints nginx's line with the Content-Security-Policy of a built page: node csp.mjs frontend/dist/index.html
// csp.txt holds the policy, for this and for the API. Trunk starts the WASM from an inline script, which it allows by its hash.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const page = readFileSync(process.argv[2], "utf8");
const inline = [...page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(([, code]) => code);
const hashes = inline.map((code) => `'sha256-${createHash("sha256").update(code).digest("base64")}'`);
const directives = readFileSync(new URL("csp.txt", import.meta.url), "utf8").trim().split("\n");
const policy = directives.join("; ").replace("{inline scripts}", hashes.join(" "));
console.log(`add_header Content-Security-Policy "${policy}" always;`);
