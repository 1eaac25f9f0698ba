/** A new idempotency key. Not crypto.randomUUID: that is missing where a house is served by HTTP. */
export function requestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
