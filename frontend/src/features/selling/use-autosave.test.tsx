import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { useForm } from "react-hook-form";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { MockHouse } from "@/test/mock-house";
import { type DraftForm, formOf, type Listing } from "./draft";
import { useAutosave } from "./use-autosave";

const LISTING = {
  ...{ id: 7, title: "Desk", description: "", category: null, condition: "used" },
  ...{ closing: "timed", currency: "USD", starting_price: 100, minimum_increment: null },
  ...{ reserve_price: null, buy_now_price: null, start_time: null, duration_seconds: 604800 },
  soft_close: null,
} as unknown as Listing;
const PATIENT = { timeout: 10_000 };
vi.setConfig({ testTimeout: 20_000 }); // the first request reads the whole contract

let house: MockHouse;

beforeEach(() => {
  house = new MockHouse();
  vi.stubGlobal("fetch", house.fetch);
});
afterEach(() => vi.unstubAllGlobals());

function setUp() {
  const client = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  return renderHook(
    () => {
      const form = useForm<DraftForm>({ defaultValues: formOf(LISTING) });
      return { form, autosave: useAutosave(form, LISTING) };
    },
    { wrapper },
  );
}

const sent = () => house.asked.map((asked) => asked.body);

it("sends what changed once the typing pauses, and nothing that is wrong", async () => {
  house.on("editAuction", 200, { ...LISTING, title: "Old desk" } as never);
  const { result } = setUp();
  act(() => result.current.form.setValue("title", "Old"));
  act(() => result.current.form.setValue("title", "Old desk"));
  act(() => result.current.form.setValue("reserve", "50"));
  expect(result.current.autosave.state).toBe("waiting");
  await waitFor(() => expect(result.current.autosave.state).toBe("saved"), PATIENT);
  expect(sent()).toEqual([{ title: "Old desk" }]);
});

it("says that nobody answers, keeps the words, and is asked again before publishing", async () => {
  house.on("editAuction", 200, { ...LISTING, title: "Old desk" } as never);
  house.isAway = true;
  const { result } = setUp();
  act(() => result.current.form.setValue("title", "Old desk"));
  await waitFor(() => expect(result.current.autosave.state).toBe("offline"), PATIENT);
  house.isAway = false;
  await act(async () => expect(await result.current.autosave.flush()).toBe(true));
  expect(result.current.autosave.state).toBe("saved");
  expect(sent()).toEqual([{ title: "Old desk" }]);
});

it("puts a refusal beside the field it is about", async () => {
  house.on("editAuction", 400, { error: "title: too plain", fields: ["title"] } as never);
  const { result } = setUp();
  act(() => result.current.form.setValue("title", "Old desk"));
  await act(async () => expect(await result.current.autosave.flush()).toBe(false));
  expect(result.current.autosave.state).toBe("refused");
  expect(result.current.form.getFieldState("title").error?.message).toBe("Too plain");
});

it("saves the last words when the page is left", async () => {
  house.on("editAuction", 200, { ...LISTING, description: "Walnut" } as never);
  const { result, unmount } = setUp();
  act(() => result.current.form.setValue("description", "Walnut"));
  unmount();
  await waitFor(() => expect(sent()).toEqual([{ description: "Walnut" }]));
});
