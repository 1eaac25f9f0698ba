import { APIClient } from "@/api/client";
import { subjectOf } from "@/lib/token";
import { clock } from "./clock";
import { socketOptions } from "./socket-options";

const HINT = "logged-in"; // says only that asking for a session is worth a request
const LOCK = "session-refresh";

/** The one client of this page: the access token in memory, the refresh token in a cookie. */
export const api = new APIClient({
  cookies: true,
  // Tabs share the cookie: they renew one after another.
  oneByOne: (work) =>
    globalThis.navigator?.locks
      ? (navigator.locks.request(LOCK, work) as ReturnType<typeof work>)
      : work(),
});
api.onServerDate = (date) => clock.heardDate(date);

let subject: string | null = null;
const listeners = new Set<() => void>();

api.onTokens = (access) => {
  const next = access === null ? null : subjectOf(access);
  if (next === subject) return; // the same person with new tokens
  subject = next;
  for (const listener of [...listeners]) listener();
};

/** Hear when somebody else, or nobody, is logged in. Returns what ends it. */
export function onIdentity(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How sockets of this page are opened. */
export const sockets = socketOptions(() => api);

/** Whoever is logged in, as a name for what his tabs share; null for nobody. */
export function identity(): string | null {
  return subject;
}

/** Resolves once it is known whether somebody is logged in. */
export async function restoreSession(): Promise<boolean> {
  if (localStorage.getItem(HINT) === null) return false;
  try {
    return (await api.refreshToken()) !== null;
  } catch {
    return false; // nobody answers; the hint stays for the next visit
  }
}

/** Remember, across visits and tabs, that there is a session; `false` forgets. */
export function rememberSession(open: boolean): void {
  if (open) localStorage.setItem(HINT, subject ?? "1");
  else localStorage.removeItem(HINT);
}

/** Who logs in or out in one tab does so in all of them. */
globalThis.addEventListener?.("storage", (event) => {
  if (event.key !== HINT || event.newValue === subject) return;
  if (event.newValue === null) api.forgetSession();
  else void restoreSession();
});
