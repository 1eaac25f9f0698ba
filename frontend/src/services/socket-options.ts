import type { APIClient } from "../api/client";
import { ApiError } from "../api/errors";
import type { LiveSocketOptions } from "./live-socket";

/** What a socket needs to be opened by whoever is logged in with a client, anew for each try. */
export function socketOptions(client: () => APIClient): LiveSocketOptions {
  return {
    get baseUrl() {
      return client().baseUrl;
    },
    ticket: () => ticketOf(client()),
  };
}

/** A ticket for whoever is logged in; null for nobody, also once the session is over. */
async function ticketOf(client: APIClient): Promise<string | null> {
  if (client.accessToken === null) return null;
  try {
    return (await client.issueSocketTicket()).ticket;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return null;
    throw error;
  }
}
