import { ApiError, NetworkError } from "@/api/errors";
import { requestId } from "@/lib/request-id";

/** `bid`: an amount at face value. `maximum`: a secret one, up to which the house bids. */
export type BidKind = "bid" | "maximum";

/** What became of a bid, whichever way it went. */
export interface Placed {
  kind: BidKind;
  /** Of the visible bid; null when a maximum placed none. */
  amount: number | null;
  /** The room's number after which the bid is visible; null where it was not said. */
  seq: number | null;
  leading: boolean | null;
  /** The maximum that stands. */
  maxBid: number | null;
}

/**
 * `unknown`: no answer came for a long time. The bid may count or not; `retry` asks again with the
 * same key, so it can never count twice.
 */
export type BidState =
  | { step: "idle" }
  | { step: "sending"; kind: BidKind; amount: number }
  | { step: "accepted"; kind: BidKind; amount: number; placed: Placed }
  | { step: "refused"; kind: BidKind; amount: number; error: ApiError; minNextBid: number | null }
  | { step: "unknown"; kind: BidKind; amount: number };

/** A way to send a bid. Raises ApiError when refused, NetworkError when nobody answers. */
export type Way = (kind: BidKind, amount: number, key: string) => Promise<Placed>;

export interface Ways {
  /** Whether the socket is worth trying. */
  isLive(): boolean;
  socket: Way;
  http: Way;
}

const TRIES_SECONDS = [0.5, 1, 2, 4, 8, 12];

/** Sends one bid at a time: by the socket, else by HTTP with the same key, again if need be. */
export class BidSender {
  state: BidState = { step: "idle" };
  private key = "";

  constructor(
    private readonly ways: Ways,
    private readonly changed: (state: BidState) => void,
    private readonly wait = (seconds: number) =>
      new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000)),
  ) {}

  /** Send a bid; while one is under way nothing happens. The outcome is in `state`. */
  async place(kind: BidKind, amount: number): Promise<BidState> {
    if (this.state.step === "sending") return this.state;
    const again = this.state.step === "unknown" ? this.state : null;
    // The very same bid, of which nothing is known, keeps its key.
    if (again?.kind !== kind || again.amount !== amount) this.key = requestId();
    return this.send(kind, amount);
  }

  /** Ask again what became of the bid of which nothing is known. */
  async retry(): Promise<BidState> {
    if (this.state.step !== "unknown") return this.state;
    return this.send(this.state.kind, this.state.amount);
  }

  /** Forget the outcome, but never a bid that is under way or unknown. */
  reset(): void {
    if (this.state.step === "accepted" || this.state.step === "refused") {
      this.become({ step: "idle" });
    }
  }

  private async send(kind: BidKind, amount: number): Promise<BidState> {
    this.become({ step: "sending", kind, amount });
    try {
      const placed = await this.deliver(kind, amount, this.key);
      return this.become({ step: "accepted", kind, amount, placed });
    } catch (error) {
      if (!(error instanceof ApiError) || isPassing(error)) {
        return this.become({ step: "unknown", kind, amount });
      }
      const least = error.facts["min_next_bid"];
      const minNextBid = typeof least === "number" ? least : null;
      return this.become({ step: "refused", kind, amount, error, minNextBid });
    }
  }

  private async deliver(kind: BidKind, amount: number, key: string): Promise<Placed> {
    if (this.ways.isLive()) {
      try {
        return await this.ways.socket(kind, amount, key);
      } catch (error) {
        if (!isWorthAnotherTry(error)) throw error;
      }
    }
    for (const seconds of TRIES_SECONDS) {
      try {
        return await this.ways.http(kind, amount, key);
      } catch (error) {
        if (!isWorthAnotherTry(error)) throw error;
        const asked = error instanceof ApiError ? error.retryAfterSeconds : null;
        await this.wait(Math.max(seconds, asked ?? 0));
      }
    }
    return this.ways.http(kind, amount, key);
  }

  private become(state: BidState): BidState {
    this.state = state;
    this.changed(state);
    return state;
  }
}

/** Nobody answered, or somebody who could not decide now. */
function isWorthAnotherTry(error: unknown): boolean {
  return error instanceof NetworkError || (error instanceof ApiError && isPassing(error));
}

function isPassing(error: ApiError): boolean {
  return error.status >= 500 || error.status === 429;
}
