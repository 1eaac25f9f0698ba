const SAMPLES_MAX = 12; // about a minute of heartbeats

/**
 * The server's clock. Between its words the monotonic clock goes on, so that nobody gains a
 * second by setting his own.
 */
export class ServerClock {
  /** Server's time less ours, in milliseconds; the newest last. */
  private offsets: number[] = [];
  private exact = false;

  constructor(
    private readonly monotonic = () => performance.now(),
    private readonly wall = () => Date.now(),
  ) {}

  /** A room's message said what time it is. */
  heard(iso: string): void {
    this.add(new Date(iso).getTime(), true);
  }

  /** An HTTP answer's `Date`, exact to a second; a room's word counts more. */
  heardDate(date: string): void {
    if (!this.exact) this.add(new Date(date).getTime() + 500, false);
  }

  /** Milliseconds since 1970, as the server counts them. */
  now(): number {
    if (this.offsets.length === 0) return this.wall();
    // A message can be late, never early: the one that took least is nearest to the truth. That
    // also keeps what waited through a tab's sleep from setting the clock back.
    return this.monotonic() + Math.max(...this.offsets);
  }

  private add(serverMs: number, exact: boolean): void {
    if (!Number.isFinite(serverMs)) return;
    if (exact && !this.exact) this.offsets = [];
    this.exact ||= exact;
    // A Date is cut to the second, so only the newest one is worth anything.
    const kept = exact ? this.offsets.slice(1 - SAMPLES_MAX) : [];
    this.offsets = [...kept, serverMs - this.monotonic()];
  }
}

export const clock = new ServerClock();
