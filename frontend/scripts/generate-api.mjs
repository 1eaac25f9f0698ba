// Writes src/api/*.gen.ts from contracts/: types of every operation and room message, and one
// method per operation. Nothing generated is committed, so nothing can be stale.
import { readFile, writeFile } from "node:fs/promises";
import { parse } from "yaml";

const CONTRACTS = new URL("../../contracts/", import.meta.url);
const OUT = new URL("../src/api/", import.meta.url);
const HEADER = "// Generated from contracts/ by scripts/generate-api.mjs.\n";
const METHODS = ["get", "post", "put", "patch", "delete"];
/** Operations the roadmap names itself; src/api/client.ts writes them by hand. */
const BY_HAND = new Set([
  "logIn",
  "registerUser",
  "refreshTokens",
  "getMe",
  "listAuctions",
  "getAuction",
  "createAuction",
  "placeBid",
  "createPayment",
]);

const document = parse(await readFile(new URL("openapi.yaml", CONTRACTS), "utf8"));
await write("endpoints.gen.ts", endpoints(document));
// A build needs no types; who checks them has the tools installed.
if (process.argv[2] !== "methods") {
  const { default: openapiTS, astToString } = await import("openapi-typescript");
  const { compile } = await import("json-schema-to-typescript");
  await write("schema.gen.ts", astToString(await openapiTS(document)));
  const events = JSON.parse(await readFile(new URL("events.schema.json", CONTRACTS), "utf8"));
  const options = { bannerComment: "", additionalProperties: false };
  await write("events.gen.ts", await compile(events, "RoomMessage", options));
}

async function write(name, text) {
  await writeFile(new URL(name, OUT), HEADER + text);
}

function endpoints(openapi) {
  const methods = [];
  for (const [path, item] of Object.entries(openapi.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation && !BY_HAND.has(operation.operationId)) {
        methods.push(methodOf(path, method, operation));
      }
    }
  }
  return `import type { operations } from "./schema.gen";
import type { Body, Query, Reply, Transport } from "./transport";

/** One method per documented operation, but for those src/api/client.ts writes by hand. */
export abstract class Endpoints {
  protected abstract readonly transport: Transport;

${methods.join("\n\n")}
}
`;
}

function methodOf(path, method, operation) {
  const id = operation.operationId;
  const places = [...path.matchAll(/{(\w+)}/g)].map(([, name]) => name);
  const query = (operation.parameters ?? []).some(
    (parameter) => resolved(parameter).in === "query",
  );
  const types = Object.keys(operation.requestBody?.content ?? {});
  const form = types.length > 0 && types.every((type) => type.startsWith("multipart/"));
  const required = operation.requestBody?.required === true;
  const parameters = places.map((name) => `${camel(name)}: number | string`);
  if (types.length > 0) {
    const type = form ? "FormData" : `Body<operations["${id}"]>`;
    const either = types.length > 1 ? `${type} | FormData` : type;
    parameters.push(`body${required ? "" : "?"}: ${either}`);
  }
  if (query) parameters.push(`query?: Query<operations["${id}"]>`);
  parameters.push("options?: CallOptions");
  const address = path.replace(/{(\w+)}/g, (_, name) => `\${encodeURIComponent(${camel(name)})}`);
  const parts = [`method: "${method.toUpperCase()}"`, `path: \`${address}\``];
  if (types.length > 0) parts.push("body");
  if (query) parts.push("query");
  return `  /** ${method.toUpperCase()} ${path}: ${operation.summary ?? id}. */
  ${id}(${parameters.join(", ").replace("CallOptions", 'import("./transport").CallOptions')}) {
    return this.transport.send<Reply<operations["${id}"]>>({ ${parts.join(", ")}, ...options });
  }`;
}

/** A parameter, looked up where it is only referred to. */
function resolved({ $ref, ...parameter }) {
  return $ref ? document.components.parameters[$ref.split("/").at(-1)] : parameter;
}

function camel(name) {
  return name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
}
