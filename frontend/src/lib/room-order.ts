/** Messages for one client alone: they carry a room's number without being a part of the room. */
const PERSONAL = new Set([
  "user_outbid",
  "second_chance_offer",
  "bid_accepted",
  "bid_rejected",
  "snapshot",
]);

/** Where a message belongs: next in line, seen before, after one that is missing, in no line. */
export type Place = "next" | "seen" | "gap" | "unnumbered";

/** Place a message after the last one that was applied. */
export function placeOf(message: { type: string; seq?: number }, lastSeq: number): Place {
  const { seq, type } = message;
  if (seq === undefined || PERSONAL.has(type)) return "unnumbered";
  if (seq <= lastSeq) return type === "heartbeat" ? "unnumbered" : "seen";
  // A heartbeat tells the number of the last message: being behind it is a gap already.
  return seq > lastSeq + 1 || type === "heartbeat" ? "gap" : "next";
}
