import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { ApiError } from "@/api/errors";
import { BidForm } from "./bid-form";
import type { BidState } from "./bid-sender";
import type { Room } from "./use-room";

const place = vi.hoisted(() => vi.fn());
vi.mock("./use-place-bid", () => ({
  usePlaceBid: () => ({ place, retry: vi.fn(), reset: vi.fn(), isSending: false }),
}));
vi.mock("./use-own-average", () => ({ useOwnAverage: () => null }));

i18n.loadAndActivate({ locale: "en", messages: {} });
const SETTLED_MS = 700;
const PATIENCE_MS = 20_000;

function room(least: number, bid: BidState = { step: "idle" }): Room {
  return {
    auction: {
      id: 1,
      currency: "USD",
      starting_price: 100,
      minimum_increment: 5,
      buyers_premium: [{ from: 0, rate_percent: 10 }],
      tax: null,
    },
    view: { min_next_bid: least, current_bid: least - 5, status: "active" },
    me: { id: 2, username: "ada" },
    bid,
  } as unknown as Room;
}

const page = (shown: Room) => (
  <I18nProvider i18n={i18n}>
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <BidForm room={shown} />
      </QueryClientProvider>
    </MantineProvider>
  </I18nProvider>
);
const button = () => screen.getByRole("button", { name: /^Bid \$/ });

beforeEach(() => {
  place.mockReset().mockResolvedValue({ step: "accepted" });
  localStorage.clear();
  HTMLDialogElement.prototype.showModal ??= vi.fn();
  HTMLDialogElement.prototype.close ??= vi.fn();
});

it("offers the next valid bid and says what it costs in all", async () => {
  render(page(room(150)));
  expect(button()).toHaveTextContent("Bid $150");
  expect(screen.getByText("$165", { selector: "strong" })).toBeVisible(); // with the premium
  await userEvent.click(button());
  expect(place).toHaveBeenCalledExactlyOnceWith(150);
});

it("moves with the price until somebody types, then keeps what he typed", async () => {
  const { rerender } = render(page(room(150)));
  rerender(page(room(155)));
  expect(button()).toHaveTextContent("Bid $155");
  const field = screen.getByLabelText("Your bid");
  await userEvent.clear(field);
  await userEvent.type(field, "160");
  rerender(page(room(165)));
  expect(field).toHaveValue("160");
  expect(screen.getByText("The next bid is from $165.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Bid $165" })).toBeDisabled();
});

it("sends nothing when the amount changes under the finger", async () => {
  const now = vi.spyOn(performance, "now").mockReturnValue(1000);
  const { rerender } = render(page(room(150)));
  rerender(page(room(155)));
  await userEvent.click(button());
  expect(place).not.toHaveBeenCalled();
  expect(screen.getByText(/The price has just moved/)).toBeVisible();
  now.mockReturnValue(1000 + SETTLED_MS);
  await userEvent.click(button());
  expect(place).toHaveBeenCalledExactlyOnceWith(155);
});

it("asks about a bid far above the next one, and sends it only then", async () => {
  render(page(room(150)));
  const field = screen.getByLabelText("Your bid");
  await userEvent.clear(field);
  await userEvent.type(field, "1500");
  await userEvent.click(button());
  expect(place).not.toHaveBeenCalled();
  const name = "Yes, bid $1,500"; // of a part that is loaded only now
  const yes = await screen.findByRole("button", { name, hidden: true }, { timeout: PATIENCE_MS });
  await userEvent.click(yes);
  expect(place).toHaveBeenCalledExactlyOnceWith(1500);
}, 30_000);

it("has the new minimum ready after a refusal", async () => {
  const error = new ApiError(400, "below_minimum", "Too low", [], { min_next_bid: 170 }, null);
  const refused: BidState = { step: "refused", kind: "bid", amount: 150, error, minNextBid: 170 };
  place.mockResolvedValue(refused);
  const { rerender } = render(page(room(150)));
  await userEvent.click(button());
  rerender(page(room(150, refused)));
  await waitFor(() => expect(button()).toHaveTextContent("Bid $170"));
});

it("says once that bids bind", async () => {
  const { unmount } = render(page(room(150)));
  expect(screen.getByText(/cannot be taken back/)).toBeVisible();
  await userEvent.click(button());
  unmount();
  render(page(room(155)));
  expect(screen.queryByText(/cannot be taken back/)).toBeNull();
});
