import { readFileSync } from "node:fs";
import { beforeEach, expect, test } from "vitest";

const SOURCE = readFileSync("public/sw.js", "utf8");
type Act = (event: { waitUntil: (work: Promise<unknown>) => void }) => void;

/** As much of a browser's cache as the worker uses. */
class Caches extends Map<string, Map<string, Response>> {
  async open(name: string) {
    const kept = this.get(name) ?? new Map<string, Response>();
    this.set(name, kept);
    return {
      put: async (address: string, answer: Response) => void kept.set(address, answer),
      addAll: async (files: string[]) => {
        for (const file of files) kept.set(file, new Response(file));
      },
    };
  }
}

let caches: Caches;
beforeEach(() => {
  caches = new Caches();
});

/** Let the worker of a build be installed and take over; its offline page asks for these files. */
async function take(build: string, ...files: string[]): Promise<void> {
  const acts = new Map<string, Act>();
  const self = {
    addEventListener: (name: string, act: Act) => acts.set(name, act),
    skipWaiting: async () => undefined,
    clients: { claim: async () => undefined },
  };
  const storage = {
    open: (name: string) => caches.open(name),
    keys: async () => [...caches.keys()],
    delete: async (name: string) => caches.delete(name),
  };
  const fetch = async () =>
    files.length === 0
      ? new Response("", { status: 503 })
      : new Response(files.map((file) => `<link href="${file}">`).join(""));
  new Function("self", "caches", "fetch", SOURCE.replace("BUILD", build))(self, storage, fetch);
  for (const name of ["install", "activate"]) {
    const work: Promise<unknown>[] = [];
    acts.get(name)?.({ waitUntil: (each) => work.push(each) });
    await Promise.all(work);
  }
}

test("a build's worker keeps its own files, and those of the build before it", async () => {
  for (const build of ["one", "two", "three"]) await take(build, `/assets/start-${build}.js`);

  expect([...caches.keys()]).toEqual(["app-two", "app-three"]);
  expect([...(caches.get("app-three")?.keys() ?? [])].sort()).toEqual([
    "/assets/start-three.js",
    "/offline",
  ]);
});

test("the same build again keeps what it had", async () => {
  for (const build of ["one", "two", "two"]) await take(build, "/assets/a.js");

  expect([...caches.keys()]).toEqual(["app-one", "app-two"]);
});

test("a worker that gets nothing to keep does not take over", async () => {
  await take("one", "/assets/a.js");

  await expect(take("two")).rejects.toThrow("no page to keep");
});
