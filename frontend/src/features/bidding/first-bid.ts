const KEPT = "knows-bids-bind";

/** Whether somebody has bid in this browser before, and so been told that bids bind. */
export function knowsBidsBind(): boolean {
  return localStorage.getItem(KEPT) !== null;
}

/** He has bid. */
export function learnsBidsBind(): void {
  localStorage.setItem(KEPT, "1");
}
