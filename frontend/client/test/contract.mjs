// Compares answers with contracts/openapi.yaml: status, media type, and every key of every object.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.env.FRONTEND, "package.json"));
const Ajv = require("ajv/dist/2020").default;
const { parse } = require("yaml");
const ADDRESS = "https://contract.test/openapi.yaml";
const METHODS = ["get", "post", "put", "patch", "delete"];

/** Stands in for `fetch`; keeps what was called and what differs from the contract. */
export class Contract {
  /** operationId -> the statuses it answered. */
  called = new Map();
  differences = [];

  constructor() {
    const file = join(process.env.FRONTEND, "../contracts/openapi.yaml");
    this.document = parse(readFileSync(file, "utf8"));
    this.operations = Object.entries(this.document.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method]?.operationId).map((method) => ({
        id: item[method].operationId,
        method: method.toUpperCase(),
        path,
        answers: item[method].responses,
        pattern: new RegExp(`^${path.replace(/{path}/, ".+").replace(/{\w+}/g, "[^/]+")}$`),
      })),
    );
    // Fixed paths before those with places, as the house looks them up.
    this.operations.sort((one, other) => places(one.path) - places(other.path));
    this.ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    this.ajv.addSchema({ $id: ADDRESS, ...closed(structuredClone(this.document)) });
  }

  fetch = async (address, init = {}) => {
    const answer = await fetch(address, init);
    const { pathname } = new URL(address);
    const method = init.method ?? "GET";
    const operation = this.operations.find(
      (each) => each.method === method && each.pattern.test(pathname),
    );
    if (operation) await this.check(operation, answer.clone());
    else this.differences.push(`${method} ${pathname} is not in the contract`);
    return answer;
  };

  async check({ id, answers }, answer) {
    const statuses = this.called.get(id) ?? [];
    this.called.set(id, [...statuses, answer.status]);
    const differs = (what) => this.differences.push(`${id} ${answer.status}: ${what}`);
    const named = answers[answer.status];
    if (!named) return differs(`undocumented status: ${await answer.text()}`);
    const documented = this.resolved(named);
    const type = (answer.headers.get("content-type") ?? "").split(";")[0];
    const text = type.includes("json") ? await answer.text() : "";
    const media = documented.content ?? {};
    if (Object.keys(media).length === 0) {
      if (text || (await answer.clone().text())) differs("a body where none is documented");
      return;
    }
    const found = Object.keys(media).find((each) => matches(each, type));
    if (!found) return differs(`media type ${type}, documented: ${Object.keys(media)}`);
    if (!found.includes("json")) return;
    const place = `${pointer(answers, answer.status, this.document)}/content/${escaped(found)}/schema`;
    const validate = this.ajv.compile({ $ref: `${ADDRESS}#${place}` });
    if (validate(JSON.parse(text))) return;
    for (const { instancePath, message, params } of validate.errors.slice(0, 5)) {
      differs(`${instancePath || "/"} ${message} ${JSON.stringify(params)}`);
    }
  }

  resolved(node) {
    return node.$ref ? at(this.document, node.$ref) : node;
  }
}

const places = (path) => (path.match(/{/g) ?? []).length;
const escaped = (part) => encodeURIComponent(String(part).replace(/~/g, "~0").replace(/\//g, "~1"));
const at = (document, ref) =>
  ref
    .slice(2)
    .split("/")
    .reduce((node, part) => node[part.replace(/~1/g, "/").replace(/~0/g, "~")], document);

function matches(documented, type) {
  return (
    documented === type || (documented.endsWith("/*") && type.startsWith(documented.slice(0, -1)))
  );
}

/** Where a documented answer stands. */
function pointer(answers, status, document) {
  const named = answers[status];
  if (named.$ref) return named.$ref.slice(1);
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      if (item[method]?.responses === answers) {
        return `/paths/${escaped(path)}/${method}/responses/${status}`;
      }
    }
  }
  throw new Error("not in the document");
}

/** Objects that list their keys have no others: a key nobody documented is a difference. */
function closed(node, isPart = false) {
  if (Array.isArray(node)) return node.map((each) => closed(each, isPart));
  if (typeof node !== "object" || node === null) return node;
  for (const [key, value] of Object.entries(node)) {
    if (key !== "example" && key !== "examples") node[key] = closed(value, key === "allOf");
  }
  const lists = node.type === "object" && node.properties && !("additionalProperties" in node);
  if (lists && !isPart) node.unevaluatedProperties = false;
  return node;
}
