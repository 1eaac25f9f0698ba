import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { MockHouse } from "@/test/mock-house";
import { AskedFirst, usePayment } from "./use-payment";

const AUCTION = { id: 1, title: "Desk", status: "ended" };
const OPEN = { id: 5, auction_id: 1, status: "requires_action", amount: 112, currency: "USD" };
const PAID = { ...OPEN, status: "succeeded", paid_at: "2026-03-01T10:00:00Z" };
const page = (results: object[]) => ({
  count: results.length,
  next: null,
  previous: null,
  results,
});

vi.setConfig({ testTimeout: 20_000 }); // the first request reads the whole contract
let house: MockHouse;

beforeEach(() => {
  house = new MockHouse()
    .on("getAuction", 200, AUCTION as never)
    .on("listPayments", 200, page([]) as never)
    .on("getPayment", 200, OPEN as never)
    .on("createPayment", 201, OPEN as never);
  vi.stubGlobal("fetch", house.fetch);
});
afterEach(() => vi.unstubAllGlobals());

async function enter() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const { result } = renderHook(() => usePayment(1), { wrapper });
  await waitFor(() => expect(result.current.payments.data).toBeDefined(), { timeout: 10_000 });
  return result;
}

async function begin() {
  const result = await enter();
  await act(() => result.current.begin.mutateAsync("stripe"));
  await waitFor(() => expect(result.current.payment?.id).toBe(5));
  return result;
}

const keysSent = () =>
  house.asked
    .filter(({ id }) => id === "createPayment")
    .map(({ headers }) => headers.get("idempotency-key"));

it("asks again with the same key when nobody answered, and with another after an answer", async () => {
  const result = await enter();
  const { fetch } = house;
  const tried: (string | null)[] = [];
  vi.stubGlobal("fetch", (_: RequestInfo, init: RequestInit) => {
    tried.push(new Headers(init.headers).get("idempotency-key"));
    return Promise.reject(new TypeError("Failed to fetch"));
  });
  await act(() => result.current.begin.mutateAsync("stripe").catch(() => undefined));
  vi.stubGlobal("fetch", fetch);
  await act(() => result.current.begin.mutateAsync("stripe"));
  await act(() => result.current.begin.mutateAsync("stripe"));
  const [first, second] = keysSent();
  expect(first).toBe(tried[0]);
  expect(second).not.toBe(first);
});

it("goes on with the payment that is open", async () => {
  house.on("listPayments", 200, page([OPEN]) as never);
  const result = await enter();
  await waitFor(() => expect(result.current.payment?.status).toBe("requires_action"));
  expect(house.count("createPayment")).toBe(0);
});

it("keeps the payment open after a declined card, and takes another one", async () => {
  const result = await begin();
  house.on("confirmPayment", 402, { error: "Your card was declined", code: "declined" } as never);
  const declined = { id: 5, card: "4000000000000002" };
  await act(() => result.current.confirm.mutateAsync(declined).catch(() => undefined));
  await waitFor(() => expect(result.current.confirm.error?.message).toBe("Your card was declined"));
  expect(result.current.payment?.status).toBe("requires_action");
  house.on("confirmPayment", 200, PAID as never).on("getPayment", 200, PAID as never);
  await act(() => result.current.confirm.mutateAsync({ id: 5, card: "4242424242424242" }));
  await waitFor(() => expect(result.current.payment?.status).toBe("succeeded"));
});

it("tells a bank that asks first from a card that was declined", async () => {
  const result = await begin();
  house.on("confirmPayment", 200, OPEN as never);
  const asks = { id: 5, card: "4000002500003155" };
  await act(() => result.current.confirm.mutateAsync(asks).catch(() => undefined));
  await waitFor(() => expect(result.current.confirm.error).toBeInstanceOf(AskedFirst));
});
