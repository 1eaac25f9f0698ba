import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
} from "@tanstack/react-router";
import { expect, test } from "vitest";
import { nextSearch } from "@/features/auth/next-path";
import { checked } from "./checked-search";

async function searchAt(address: string, validateSearch: typeof nextSearch) {
  const root = createRootRoute();
  const login = createRoute({ getParentRoute: () => root, path: "/login", validateSearch });
  const router = createRouter({
    routeTree: root.addChildren([login]),
    history: createMemoryHistory({ initialEntries: [address] }),
  });
  await router.load();
  return router.state.matches.at(-1)?.search as { next?: string };
}

test("a refused name is gone, which the router alone would hand on", async () => {
  const address = "/login?next=//evil.example&other=1";

  expect((await searchAt(address, checked(nextSearch))).next).toBeUndefined();
  expect((await searchAt(address, nextSearch)).next).toBe("//evil.example");
});

test("what is good stays", async () => {
  expect(await searchAt("/login?next=/my/bids", checked(nextSearch))).toEqual({
    next: "/my/bids",
  });
});
