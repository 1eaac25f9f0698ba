import { describe, expect, it } from "vitest";
import type { ServerMessage } from "@/api/events.gen";
import contract from "../../../../contracts/room-vectors.json";
import { type RoomBid, roomReducer, type SnapshotLike, viewOf, withRows } from "./room-reducer";

interface Vector {
  id: string;
  title: string;
  snapshot: SnapshotLike;
  frames: ServerMessage[];
  view: object;
  gap: { last_seq: number; seq: number } | null;
}

const vectors = contract.vectors as unknown as Vector[];

function replay({ snapshot, frames }: Vector) {
  let view = viewOf(snapshot);
  for (const frame of frames) {
    const step = roomReducer(view, frame);
    if (step.gap !== null) return { view, gap: step.gap };
    view = step.view;
  }
  return { view, gap: null };
}

/** The contract's rows say nothing about the time. */
const untimed = (rows: readonly RoomBid[] | null) =>
  rows?.map(({ timestamp: _, ...row }) => row) ?? null;

describe("the contract's rooms", () => {
  it("are there", () => expect(vectors.length).toBeGreaterThan(20));

  it.each(vectors.map((vector) => [vector.title, vector] as const))("%s", (_, vector) => {
    const { view, gap } = replay(vector);
    expect({ ...view, bids: untimed(view.bids) }).toEqual(vector.view);
    expect(gap).toEqual(vector.gap);
  });
});

describe("rows that were read again", () => {
  it("leave out what is on its way as a message", () => {
    const vector = vectors.find(({ id }) => id === "bids-taken-back") as Vector;
    const { view } = replay(vector);
    const rows = [
      { bidder: "cleo", amount: 500, auto: false, seq: view.seq + 1 },
      { bidder: "ben", amount: 400, auto: false, seq: 1 },
    ];
    expect(withRows(view, rows).bids).toEqual([rows[1]]);
  });
});
