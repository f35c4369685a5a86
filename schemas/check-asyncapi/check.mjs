// Exits 1 when the parser finds an error. Run: npm install && npm run check
import { readFile } from "node:fs/promises";
import { Parser } from "@asyncapi/parser";

const file = process.argv[2];
const { document, diagnostics } = await new Parser().parse(await readFile(file, "utf8"), { source: file });
const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 0);
for (const error of errors) console.error(`${error.path.join("/")}: ${error.message}`);
if (!document || errors.length > 0) process.exit(1);
console.log(`${file}: ${document.channels().length} channels, ${document.messages().length} messages, no error`);
