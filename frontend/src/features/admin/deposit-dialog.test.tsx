import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { ApiError } from "@/api/errors";
import { api } from "@/services/session";
import DepositDialog from "./deposit-dialog";

const REASON = "Three wins unpaid";
const NEED = { user: "Ann", user_id: 7, cause: "staff", since: "", until: null, reason: REASON };

beforeEach(() => {
  i18n.loadAndActivate({ locale: "en", messages: {} });
  const results = [
    { id: 8, username: "annabel" },
    { id: 7, username: "Ann" },
  ];
  vi.spyOn(api, "listUsers").mockResolvedValue({ count: 2, next: null, results } as never);
});

function show(user?: { id: number; username: string }) {
  const onClose = vi.fn();
  render(
    <I18nProvider i18n={i18n}>
      <MantineProvider env="test">
        <QueryClientProvider client={new QueryClient()}>
          <DepositDialog user={user} onClose={onClose} />
        </QueryClientProvider>
      </MantineProvider>
    </I18nProvider>,
  );
  return onClose;
}

async function demand(named: string | null, reason = REASON) {
  const user = userEvent.setup();
  if (named !== null) await user.type(await screen.findByLabelText(/User name/), named);
  await user.type(await screen.findByLabelText(/Reason/), reason);
  await user.click(screen.getByRole("button", { name: "Demand it" }));
}

test.each([
  ["ann", 7], // the whole name, not the first that begins so
  ["#12", 12],
])("an account is found by what is typed: %s", async (named, id) => {
  const require = vi.spyOn(api, "requireDeposit").mockResolvedValue(NEED as never);
  const onClose = show();
  await demand(named, ` ${REASON} `);
  await vi.waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  expect(require).toHaveBeenCalledExactlyOnceWith(id, { reason: REASON });
});

test("a part of a name is no account: the field says so and nothing is demanded", async () => {
  const require = vi.spyOn(api, "requireDeposit");
  const onClose = show();
  await demand("anna");
  const field = screen.getByLabelText(/User name/);
  await vi.waitFor(() => expect(field).toHaveFocus());
  expect(field).toHaveAccessibleDescription(/No account has this name/);
  expect(require).not.toHaveBeenCalled();
  expect(onClose).not.toHaveBeenCalled();
});

test.each([
  [404, "not_found", [], /User name/, "No account has this number."],
  [400, "not_yourself", [], /User name/, "Not your own"],
  [400, null, ["reason"], /Reason/, "Not your own"],
])("a refusal stands beside its field: %s %s", async (status, code, fields, label, sentence) => {
  const refusal = new ApiError(status, code, "Not your own", fields, {}, null);
  vi.spyOn(api, "requireDeposit").mockRejectedValue(refusal);
  const onClose = show();
  await demand("#99");
  const field = screen.getByLabelText(label);
  await vi.waitFor(() => expect(field).toHaveAccessibleDescription(new RegExp(sentence)));
  expect(field).toHaveFocus();
  expect(screen.queryByRole("alert")).toBeNull();
  expect(onClose).not.toHaveBeenCalled();
});

test("a refusal of an account that is not asked for is said as a whole", async () => {
  const refusal = new ApiError(400, "not_yourself", "Not your own", [], {}, null);
  vi.spyOn(api, "requireDeposit").mockRejectedValue(refusal);
  show({ id: 7, username: "Ann" });
  await demand(null);
  expect(await screen.findByRole("alert")).toHaveTextContent("Not your own");
});

test("where staff have demanded one already the reason is not silently lost", async () => {
  const standing = { ...NEED, reason: "Another reason" };
  vi.spyOn(api, "requireDeposit").mockResolvedValue(standing as never);
  const onClose = show({ id: 7, username: "Ann" });
  await demand(null);
  expect(await screen.findByRole("alert")).toHaveTextContent("already");
  expect(onClose).not.toHaveBeenCalled();
});
