import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FakeSocket } from "@/test/fake-socket";

type FeedModule = typeof import("./notification-feed");
type Tab = FeedModule["notificationFeed"];

/** Locks as a browser has them: one holder, the others wait in line. */
class Locks {
  private line: (() => void)[] = [];
  private isHeld = false;

  async request(_: string, { signal }: { signal: AbortSignal }, work: () => Promise<void>) {
    if (this.isHeld) {
      await new Promise<void>((resolve, reject) => {
        this.line.push(resolve);
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    }
    this.isHeld = true;
    await work();
    this.isHeld = false;
    this.line.shift()?.();
  }
}

/** A channel that delivers at once, to everybody but the sender. */
class Channel extends EventTarget {
  static open = new Set<Channel>();
  constructor(readonly name: string) {
    super();
    Channel.open.add(this);
  }
  postMessage(data: unknown) {
    for (const other of Channel.open) {
      if (other !== this) other.dispatchEvent(new MessageEvent("message", { data }));
    }
  }
  close() {
    Channel.open.delete(this);
  }
}

const news = (id: number, unread_count: number) => ({
  type: "notification",
  id,
  kind: "outbid",
  title: "You were outbid",
  unread_count,
});

/** A tab of ada's: its own modules, as a browser has them. */
async function openTab(): Promise<{ feed: Tab; heard: number[]; close: () => void }> {
  vi.resetModules();
  vi.doMock("./session", () => ({
    identity: () => "ada",
    onIdentity: () => () => undefined,
    sockets: { ticket: async () => "t1" },
  }));
  const { notificationFeed: feed } = (await import("./notification-feed")) as FeedModule;
  const heard: number[] = [];
  feed.onNotification(({ id }) => heard.push(id));
  const close = feed.subscribe(() => undefined);
  await vi.waitFor(() => expect(FakeSocket.all.length).toBeGreaterThan(0));
  return { feed, heard, close };
}

beforeEach(() => {
  FakeSocket.all = [];
  Channel.open.clear();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("BroadcastChannel", Channel);
  vi.stubGlobal("navigator", { locks: new Locks() });
});

afterEach(() => vi.unstubAllGlobals());

it("two tabs share one socket and hear each notification once", async () => {
  const one = await openTab();
  FakeSocket.last.open();
  FakeSocket.last.say({ type: "ready", unread_count: 2, last_id: 40 });
  const two = await openTab();
  expect(two.feed.read()).toMatchObject({ connection: "live", unread: 2 });
  FakeSocket.last.say(news(41, 3), news(41, 3));
  expect(FakeSocket.all).toHaveLength(1);
  expect(one.heard).toEqual([41]);
  expect(two.heard).toEqual([41]);
  expect(two.feed.read().unread).toBe(3);
});

it("when the tab with the socket is closed another goes on where it was", async () => {
  const one = await openTab();
  FakeSocket.last.open();
  FakeSocket.last.say({ type: "ready", unread_count: 2, last_id: 40 });
  const two = await openTab();
  FakeSocket.last.say(news(41, 3));
  one.close();
  await vi.waitFor(() => expect(FakeSocket.all).toHaveLength(2));
  expect(new URL(FakeSocket.last.url).search).toBe("?last_id=41");
  FakeSocket.last.open();
  FakeSocket.last.say({ type: "ready", unread_count: 4, last_id: 42 }, news(42, 4));
  expect(two.heard).toEqual([41, 42]);
  expect(two.feed.read()).toMatchObject({ connection: "live", unread: 4 });
});

it("what was read elsewhere lowers the count", async () => {
  const { feed } = await openTab();
  FakeSocket.last.open();
  FakeSocket.last.say({ type: "ready", unread_count: 2, last_id: 40 });
  FakeSocket.last.say({ type: "unread_count", unread_count: 0 });
  expect(feed.read().unread).toBe(0);
});

it("nobody's socket is not opened again and again", async () => {
  vi.resetModules();
  const ticket = vi.fn(async () => null);
  const { NotificationSocket } = await import("./notification-socket");
  const socket = new NotificationSocket({ ticket, WebSocket: FakeSocket });
  socket.connect();
  await vi.waitFor(() => expect(socket.state).toBe("closed"));
  expect(socket.closeCode).toBe(4401);
  expect(FakeSocket.all).toEqual([]);
});
