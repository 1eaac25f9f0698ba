import { APIClient } from "@/api/client";
import { clock } from "./clock";

/** The one client of this page: the access token in memory, the refresh token in a cookie. */
export const api = new APIClient({ cookies: true });
api.onServerDate = (date) => clock.heardDate(date);

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
