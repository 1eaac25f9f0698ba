import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import type { operations } from "@/api/schema.gen";

type Status<Id extends keyof operations> = keyof operations[Id]["responses"] & number;
type JsonOf<Answer> = Answer extends { content: { "application/json": infer Json } }
  ? Json
  : undefined;

/** A request as a handler sees it. */
export interface Asked {
  method: string;
  url: URL;
  /** The path's own parameters, by name. */
  places: Record<string, string>;
  headers: Headers;
  /** Parsed, where it is JSON. */
  body: unknown;
}

interface Canned {
  id: string;
  status: number;
  json: unknown;
  headers: Record<string, string>;
  when: (asked: Asked) => boolean;
}

interface Route {
  method: string;
  pattern: RegExp;
  id: string;
}

/** A house of canned answers, each of the shape the contract gives that operation. */
export class MockHouse {
  readonly asked: (Asked & { id: string })[] = [];
  /** Nobody there at all: offline, or being restarted. */
  isAway = false;
  private readonly canned: Canned[] = [];

  /** Answer an operation so from now on, where `when` says yes; what was said last goes first. */
  on<Id extends keyof operations, Code extends Status<Id>>(
    id: Id,
    status: Code,
    json: JsonOf<operations[Id]["responses"][Code]>,
    when: (asked: Asked) => boolean = () => true,
    headers: Record<string, string> = {},
  ): this {
    this.canned.unshift({ id, status, json, headers, when });
    return this;
  }

  /** How often an operation was asked for. */
  count(id: keyof operations): number {
    return this.asked.filter((asked) => asked.id === id).length;
  }

  /** What stands in for `fetch`. An operation without an answer is nobody there. */
  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(new URL(String(input), "http://house.test"), init);
    const url = new URL(request.url);
    const found = routes().find(
      ({ method, pattern }) => method === request.method && pattern.test(url.pathname),
    );
    if (this.isAway) throw new TypeError("Failed to fetch");
    if (!found) throw new TypeError(`There is no ${request.method} ${url.pathname}`);
    const text = await request.text();
    const isJson = request.headers.get("content-type")?.includes("json") ?? false;
    const asked = {
      method: request.method,
      url,
      places: found.pattern.exec(url.pathname)?.groups ?? {},
      headers: request.headers,
      body: isJson ? (JSON.parse(text) as unknown) : text,
    };
    this.asked.push({ ...asked, id: found.id });
    const answer = this.canned.find(({ id, when }) => id === found.id && when(asked));
    if (!answer) throw new TypeError(`Nobody answers ${request.method} ${url.pathname}`);
    const { status, json, headers } = answer;
    const hasNone = status === 204 || json === undefined;
    return new Response(hasNone ? null : JSON.stringify(json), {
      status,
      headers: { "content-type": "application/json", ...headers },
    });
  };
}

let known: Route[] | null = null;

function routes(): Route[] {
  known ??= readRoutes();
  return known;
}

function readRoutes(): Route[] {
  const document = parse(readFileSync(resolve("../contracts/openapi.yaml"), "utf8")) as {
    paths: Record<string, Record<string, { operationId?: string }>>;
  };
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, { operationId }]) =>
      operationId
        ? [{ method: method.toUpperCase(), pattern: patternOf(path), id: operationId }]
        : [],
    ),
  );
}

/** Fixed paths first would need sorting; digits in places tell them apart as the house does. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/{(\w+)}/g, "(?<$1>[0-9]+)")}$`);
}
