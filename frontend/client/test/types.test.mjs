// The package's types, as a program of somebody else sees them: Node's resolution, strict.
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

const PROGRAM = `
import { APIClient, ApiError, type RoomView, roomReducer, viewOf, WebSocketService } from "@bidbazaar/client";

const api = new APIClient({ baseUrl: "https://bids.example" });
const room = new WebSocketService(api);
let view: RoomView | null = null;
room.onMessage((message) => {
  if (message.type === "snapshot") view = viewOf(message);
  else if (view !== null) view = roomReducer(view, message).view;
});
export async function bid(id: number): Promise<boolean> {
  const { min_next_bid: least, currency } = await api.getAuction(id);
  const amount: number = least ?? 1;
  const code: "USD" | string = currency;
  try {
    return (await room.placeBid(amount, { requestId: code })).leading;
  } catch (error) {
    if (error instanceof ApiError) return error.facts["min_next_bid"] === amount;
    throw error;
  }
}
// @ts-expect-error: an auction has a title
export const wrong = api.createAuction({ starting_price: 1 });
// @ts-expect-error: a search is for a number of rows, not for words
export const page = api.listActiveAuctions({ page: true });
`;

test("a strict program compiles against the package", async () => {
  await writeFile("program.mts", PROGRAM);
  const compiler = join(process.env.FRONTEND, "node_modules/typescript/bin/tsc");
  const options = "--strict --noEmit --module nodenext --target es2023 --lib es2023,dom";
  execFileSync(process.execPath, [compiler, ...options.split(" "), "program.mts"], {
    stdio: "inherit",
  });
});
