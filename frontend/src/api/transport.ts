import { ApiError, NetworkError } from "./errors";

/** What an operation answers: the JSON of its 200, 201 or 202, else nothing. */
export type Reply<Operation> = Operation extends { responses: infer Responses }
  ?
      | JsonOf<Responses extends { 200: infer Ok } ? Ok : never>
      | JsonOf<Responses extends { 201: infer Made } ? Made : never>
      | JsonOf<Responses extends { 202: infer Begun } ? Begun : never>
  : never;
type JsonOf<Answer> = Answer extends { content: { "application/json": infer Json } } ? Json : never;

/** What an operation takes as JSON. */
export type Body<Operation> = Operation extends {
  requestBody?: { content: { "application/json": infer Json } };
}
  ? Json
  : never;

/** The query parameters an operation knows. */
export type Query<Operation> = Operation extends { parameters: { query?: infer Parameters } }
  ? Parameters
  : never;

export interface CallOptions {
  /** Sent as `Idempotency-Key`: the same key again is answered as it was the first time. */
  idempotencyKey?: string;
  /** Ends the call early. */
  signal?: AbortSignal;
  /** Sent as `Accept`; JSON unless said otherwise. */
  accept?: string;
}

export interface Call extends CallOptions {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  query?: object | undefined;
  body?: unknown;
  /** Headers beside the usual ones. */
  headers?: Record<string, string>;
  /** Without a token, whoever is logged in. */
  anonymous?: boolean;
}

/** Where tokens come from; src/services/session.ts in the app. */
export interface TokenSource {
  /** The access token to send, or null for nobody. */
  accessToken(): string | null;
  /** Called once for any number of calls that were answered 401; true if another try is worth it. */
  renew(): Promise<boolean>;
}

/** Sends calls and turns answers into values or ApiError; shows nothing, keeps nothing. */
export class Transport {
  /** Milliseconds the server's clock is ahead of ours, by the `Date` of its last answer. */
  onDate: ((serverDate: string) => void) | null = null;
  private renewing: Promise<boolean> | null = null;

  constructor(
    private readonly base: string,
    private readonly tokens: TokenSource,
    private readonly fetcher: typeof fetch = (...args) => fetch(...args),
  ) {}

  /** Raises ApiError for a refusal, NetworkError when no answer came. */
  async send<T>(call: Call): Promise<T> {
    const answer = await this.raw(call);
    if (answer.status === 204) return undefined as T;
    const type = answer.headers.get("content-type") ?? "";
    if (type.includes("json")) return (await answer.json()) as T;
    return (type.startsWith("text/") ? await answer.text() : await answer.blob()) as T;
  }

  /** The answer itself, once it is a good one. */
  async raw(call: Call): Promise<Response> {
    let token = call.anonymous ? null : this.tokens.accessToken();
    let answer = await this.fetch(call, token);
    if (answer.status === 401 && !call.anonymous && token !== null) {
      const renewed = this.tokens.accessToken() !== token || (await this.renewOnce());
      token = this.tokens.accessToken();
      if (renewed && token !== null) answer = await this.fetch(call, token);
    }
    if (!answer.ok) throw await ApiError.of(answer);
    return answer;
  }

  private renewOnce(): Promise<boolean> {
    this.renewing ??= this.tokens.renew().finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  private async fetch(call: Call, token: string | null): Promise<Response> {
    const headers = new Headers({ accept: call.accept ?? "application/json", ...call.headers });
    if (token !== null) headers.set("authorization", `Bearer ${token}`);
    if (call.idempotencyKey) headers.set("idempotency-key", call.idempotencyKey);
    const init: RequestInit = { method: call.method, headers, credentials: "same-origin" };
    if (call.signal) init.signal = call.signal;
    if (call.body instanceof FormData) init.body = call.body;
    else if (call.body !== undefined) {
      headers.set("content-type", "application/json");
      init.body = JSON.stringify(call.body);
    }
    try {
      const answer = await this.fetcher(this.base + call.path + queryOf(call.query), init);
      const date = answer.headers.get("date");
      if (date !== null) this.onDate?.(date);
      return answer;
    } catch (error) {
      if (call.signal?.aborted) throw error;
      throw new NetworkError(error);
    }
  }
}

function queryOf(query: object | undefined): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null || value === "") continue;
    search.append(name, Array.isArray(value) ? value.join(",") : String(value));
  }
  const text = search.toString();
  return text && `?${text}`;
}
