/**
 * The server's clock. Between its words the monotonic clock goes on, so that nobody gains a
 * second by setting his own.
 */
class ServerClock {
  private serverMs: number | null = null;
  private atMs = 0;
  private exact = false;

  /** A room's message said what time it is. */
  heard(iso: string): void {
    this.set(new Date(iso).getTime(), true);
  }

  /** An HTTP answer's `Date`, exact to a second; a room's word counts more. */
  heardDate(date: string): void {
    if (!this.exact) this.set(new Date(date).getTime() + 500, false);
  }

  /** Milliseconds since 1970, as the server counts them. */
  now(): number {
    if (this.serverMs === null) return Date.now();
    return this.serverMs + (performance.now() - this.atMs);
  }

  private set(serverMs: number, exact: boolean): void {
    if (!Number.isFinite(serverMs)) return;
    this.serverMs = serverMs;
    this.atMs = performance.now();
    this.exact = exact;
  }
}

export const clock = new ServerClock();
