/** A path of this site out of what the server named, else null: never somebody else's page. */
export function sitePath(url: string): string | null {
  if (!url.startsWith("/")) return null;
  try {
    const address = new URL(url, window.location.origin);
    if (address.origin !== window.location.origin) return null;
    return address.pathname + address.search + address.hash;
  } catch {
    return null;
  }
}
