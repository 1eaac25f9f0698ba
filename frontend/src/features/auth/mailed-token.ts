import { useEffect, useState } from "react";

/** Read the secret of a mailed link, `#token=…`; null where there is none. */
export function tokenOf(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, "")).get("token") || null;
}

/** The secret of the link one came by; taken out of the address, so that nobody copies it on. */
export function useMailedToken(): string | null {
  const [token] = useState(() => tokenOf(window.location.hash));
  useEffect(() => {
    const { pathname, search } = window.location;
    if (token !== null) window.history.replaceState(window.history.state, "", pathname + search);
  }, [token]);
  return token;
}
