import { APIClient } from "@/api/client";
import { subjectOf } from "@/lib/token";
import { clock } from "@/services/clock";
import { socketOptions } from "@/services/socket-options";

/** The client the hooks use; until `setClient` names another, the page's own house. */
export let api = new APIClient();

let subject: string | null = null;
const listeners = new Set<() => void>();
adopt();

/** Say which house the hooks are about. Call it once, before the first of them. */
export function setClient(client: APIClient): void {
  api = client;
  adopt();
}

/** Hear when somebody else, or nobody, is logged in. Returns what ends it. */
export function onIdentity(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How sockets of the hooks are opened. */
export const sockets = socketOptions(() => api);

/** Whoever is logged in, as a name for what his tabs share; null for nobody. */
export function identity(): string | null {
  return subject;
}

/** Whether a session outlives the page is the page's affair. */
export function rememberSession(_open: boolean): void {
  // nothing is kept
}

function adopt(): void {
  api.onServerDate = (date) => clock.heardDate(date);
  api.onTokens = tell;
  tell(api.accessToken);
}

function tell(access: string | null): void {
  const next = access === null ? null : subjectOf(access);
  if (next === subject) return;
  subject = next;
  for (const listener of [...listeners]) listener();
}
