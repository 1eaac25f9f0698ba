import { APIClient } from "@/api/client";
import { ApiError } from "@/api/errors";
import { clock } from "./clock";

/** The one client of this page: the access token in memory, the refresh token in a cookie. */
export const api = new APIClient({ cookies: true });
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

/** A ticket for a socket of whoever is logged in; null for nobody, also once the session is over. */
export async function socketTicket(): Promise<string | null> {
  if (api.accessToken === null) return null;
  try {
    return (await api.issueSocketTicket()).ticket;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return null;
    throw error;
  }
}

function subjectOf(token: string): string {
  try {
    const part = token.split(".")[1]?.replace(/-/g, "+").replace(/_/g, "/") ?? "";
    return String((JSON.parse(atob(part)) as { sub: unknown }).sub);
  } catch {
    return token; // no token of ours: each is somebody else
  }
}

const HINT = "logged-in"; // says only that asking for a session is worth a request
const LOCK = "session-refresh";

/** Resolves once it is known whether somebody is logged in. Tabs ask one after another. */
export async function restoreSession(): Promise<boolean> {
  if (localStorage.getItem(HINT) === null) return false;
  const renew = () => api.refreshToken().then((tokens) => tokens !== null);
  try {
    return await (navigator.locks ? navigator.locks.request(LOCK, renew) : renew());
  } catch {
    return false; // nobody answers; the hint stays for the next visit
  }
}

/** Remember, across visits, that there is a session; `false` forgets. */
export function rememberSession(open: boolean): void {
  if (open) localStorage.setItem(HINT, "1");
  else localStorage.removeItem(HINT);
}
