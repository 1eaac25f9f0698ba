import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { RegisterData } from "@/api/client";
import { keys } from "@/lib/query";
import { api, rememberSession } from "@/services/session";

export type Me = Awaited<ReturnType<typeof api.getCurrentUser>>;

/** Whoever is logged in. */
export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: () => (api.accessToken === null ? null : api.getCurrentUser()),
  staleTime: 5 * 60_000,
});

/** Who is logged in, and how to come and go. `me` is null for a visitor, undefined while unknown. */
export function useAuth() {
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery);

  const opened = useCallback(async () => {
    rememberSession(true);
    // A new identity has everything asked for again; nobody goes on before it is known who he is.
    await client.refetchQueries({ queryKey: keys.me }, { cancelRefetch: false });
  }, [client]);

  return {
    me,
    /** Raises ApiError; `second_factor_required` carries a `challenge` for `finishLogin`. */
    login: useCallback(
      async (username: string, password: string) => {
        await api.login(username, password);
        await opened();
      },
      [opened],
    ),
    finishLogin: useCallback(
      async (challenge: string, code: string) => {
        await api.loginWithCode(challenge, code);
        await opened();
      },
      [opened],
    ),
    loginWithPasskey: useCallback(
      async (credential: object) => {
        await api.loginWithPasskey(credential);
        await opened();
      },
      [opened],
    ),
    register: useCallback(
      async (data: RegisterData) => {
        await api.register(data);
        await opened();
      },
      [opened],
    ),
    logout: useCallback(async () => {
      rememberSession(false);
      await api.logout().catch(() => undefined); // here it is over either way
      client.clear();
      await client.resetQueries();
    }, [client]),
  };
}
