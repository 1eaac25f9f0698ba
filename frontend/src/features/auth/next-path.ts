/**
 * Where to go after a login: a path of this site, or "/". Anything that a browser could read as
 * another site's address ("//host", "/\host", "javascript:") is not one.
 */
export function safeNext(next: unknown): string {
  if (typeof next !== "string" || !next.startsWith("/")) return "/";
  try {
    const here = "https://house.invalid";
    const address = new URL(next, here);
    if (address.origin !== here) return "/";
    if (/^\/(login|register)\/?$/.test(address.pathname)) return "/"; // else one goes in circles
    return address.pathname + address.search + address.hash;
  } catch {
    return "/";
  }
}

/** The `next` of a page's address; left out where it says nothing. */
export function nextSearch(search: Record<string, unknown>): { next?: string } {
  const next = safeNext(search["next"]);
  return next === "/" ? {} : { next };
}
