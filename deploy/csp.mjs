// Prints the nginx directive with the Content-Security-Policy of a built page: node csp.mjs frontend/dist/index.html
// nginx and the API both take the policy from csp.txt. Trunk starts the WASM from an inline script, which the policy
// allows by its hash.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const page = readFileSync(process.argv[2], "utf8");
const inline = [...page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(([, code]) => code);
const hashes = inline.map((code) => `'sha256-${createHash("sha256").update(code).digest("base64")}'`);
const directives = readFileSync(new URL("csp.txt", import.meta.url), "utf8").trim().split("\n");
const policy = directives.join("; ").replace("{inline scripts}", hashes.join(" "));
console.log(`add_header Content-Security-Policy "${policy}" always;`);
