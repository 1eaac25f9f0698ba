import { describe, expect, it, vi } from "vitest";
import { MockHouse } from "@/test/mock-house";
import { APIClient } from "./client";
import { ApiError, NetworkError } from "./errors";

const page = { count: 0, next: null, previous: null, results: [] };

/** A house that knows the access token a2, and a client that still has a1. */
async function withOldToken() {
  const house = new MockHouse()
    .on("logIn", 200, { access: "a1", refresh: "r1" })
    .on("refreshTokens", 200, { access: "a2", refresh: "r2" })
    .on("listWatchlist", 401, { detail: "Token is expired" })
    .on("listWatchlist", 200, page, ({ headers }) => headers.get("authorization") === "Bearer a2");
  const api = new APIClient({ baseUrl: "http://house.test/", fetch: house.fetch });
  await api.login("ada", "secret");
  return { house, api };
}

/** The error a promise ends with. */
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable("it was answered"),
    (error: unknown) => error,
  );

describe("tokens", () => {
  it("are renewed once for any number of requests that wait", async () => {
    const { house, api } = await withOldToken();
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.listWatchlist()));
    expect(answers).toHaveLength(8);
    expect(house.count("refreshTokens")).toBe(1);
    expect(house.asked.find(({ id }) => id === "refreshTokens")?.body).toEqual({ refresh: "r1" });
  });

  it("that cannot be renewed end the session, once and for all", async () => {
    const { house, api } = await withOldToken();
    const seen = vi.fn();
    api.onTokens = seen;
    house.on("refreshTokens", 401, { detail: "Token is no good" });
    const errors = await Promise.all([errorOf(api.listWatchlist()), errorOf(api.listWatchlist())]);
    expect(errors).toEqual([
      expect.objectContaining({ status: 401 }),
      expect.objectContaining({ status: 401 }),
    ]);
    expect(house.count("refreshTokens")).toBe(1);
    expect(seen).toHaveBeenCalledExactlyOnceWith(null);
    expect(api.accessToken).toBeNull();
  });

  it("survive a house that is being restarted", async () => {
    const { house, api } = await withOldToken();
    house.isAway = true;
    expect(await errorOf(api.refreshToken())).toBeInstanceOf(NetworkError);
    house.isAway = false;
    house.on("refreshTokens", 429, { error: "Too many requests", code: "throttled" });
    expect(await errorOf(api.refreshToken())).toMatchObject({ status: 429 });
    expect(api.accessToken).toBe("a1");
  });

  it("are asked for with a challenge where there is a second factor", async () => {
    const house = new MockHouse().on("logIn", 401, {
      detail: "A code is needed",
      code: "second_factor_required",
      challenge: "c1",
    });
    const api = new APIClient({ baseUrl: "http://house.test", fetch: house.fetch });
    const error = (await errorOf(api.login("ada", "secret"))) as ApiError;
    expect(error).toMatchObject({ code: "second_factor_required", facts: { challenge: "c1" } });
  });

  it("stay out of the page's reach in cookie mode", async () => {
    const house = new MockHouse()
      .on("logIn", 200, { access: "a1", refresh: "" })
      .on("refreshTokens", 200, { access: "a2", refresh: "" });
    const api = new APIClient({ fetch: house.fetch, cookies: true });
    await api.login("ada", "secret");
    await api.refreshToken();
    expect(house.asked.map(({ headers }) => headers.get("x-refresh-cookie"))).toEqual(["1", "1"]);
    expect(house.asked[1]?.body).toEqual({});
  });
});

describe("an answer that refuses", () => {
  const refusing = (status: number, body: string, headers: Record<string, string> = {}) =>
    new APIClient({
      baseUrl: "http://house.test",
      fetch: async () => new Response(body, { status, headers }),
    });

  it("has status, code, sentence, fields and facts", async () => {
    const body = {
      error: "Bid is too low",
      code: "below_minimum",
      min_next_bid: 420,
      fields: ["amount"],
    };
    const error = (await errorOf(refusing(400, JSON.stringify(body)).placeBid(1, 1))) as ApiError;
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 400,
      code: "below_minimum",
      message: "Bid is too low",
      fields: ["amount"],
      facts: { min_next_bid: 420 },
    });
  });

  it("says how long to wait", async () => {
    const api = refusing(503, '{"error":"Busy"}', { "retry-after": "3" });
    expect(await errorOf(api.placeBid(1, 1))).toMatchObject({ retryAfterSeconds: 3 });
  });

  it("of a proxy, which is no JSON, is an error all the same", async () => {
    const error = await errorOf(refusing(502, "<h1>Bad gateway</h1>").placeBid(1, 1));
    expect(error).toMatchObject({ status: 502, code: null, message: "The server answered 502" });
  });
});

describe("a request", () => {
  it("that nobody answers is a NetworkError, one that was called off is not", async () => {
    const api = new APIClient({ baseUrl: "http://house.test", fetch: new MockHouse().fetch });
    expect(await errorOf(api.getAuction(1))).toBeInstanceOf(NetworkError);
    const signal = AbortSignal.abort();
    expect(await errorOf(api.getAuction(1, { signal }))).not.toBeInstanceOf(NetworkError);
  });

  it("carries filters as the house reads them, without the empty ones", async () => {
    const house = new MockHouse().on("listAuctions", 200, page);
    const api = new APIClient({ baseUrl: "http://house.test", fetch: house.fetch });
    await api.getAuctions({ status: ["active", "scheduled"], search: "", page: 2 });
    expect(house.asked[0]?.url.search).toBe("?status=active%2Cscheduled&page=2");
  });

  it("carries the key that makes it count once", async () => {
    const house = new MockHouse().on("placeBid", 400, { error: "no" });
    const api = new APIClient({ baseUrl: "http://house.test", fetch: house.fetch });
    await errorOf(api.placeBid(7, 410, { idempotencyKey: "k1" }));
    expect(house.asked[0]?.headers.get("idempotency-key")).toBe("k1");
    expect(house.asked[0]?.body).toEqual({ auction_id: 7, amount: 410 });
  });
});
