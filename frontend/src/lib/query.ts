import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/api/errors";

const RETRIES_MAX = 2;

/** Server data: kept a while, asked for again when a page comes back into view. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        networkMode: "always", // being offline is an answer, too: the page says so
        retry: (count, error) =>
          count < RETRIES_MAX && !(error instanceof ApiError && error.status < 500),
      },
    },
  });
}

/** Every cache key of the app, so that two places mean the same entry. */
export const keys = {
  me: ["me"] as const,
  site: ["site"] as const,
  categories: ["categories"] as const,
  auctions: (filters: object = {}) => ["auctions", filters] as const,
  auction: (id: number) => ["auction", id] as const,
  room: (id: number) => ["room", id] as const,
  mine: (what: string, filters: object = {}) => ["mine", what, filters] as const,
  user: (id: number) => ["user", id] as const,
  payments: (what: string, filters: object = {}) => ["payments", what, filters] as const,
  notifications: (filters: object = {}) => ["notifications", filters] as const,
  messages: (what: string | number, filters: object = {}) => ["messages", what, filters] as const,
  security: (what: string) => ["security", what] as const,
  admin: (what: string, filters: object = {}) => ["admin", what, filters] as const,
};
