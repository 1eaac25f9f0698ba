import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { ApiError } from "@/api/errors";
import { api } from "@/services/session";
import { LoginForm } from "./login-form";

beforeEach(() => {
  vi.restoreAllMocks();
  i18n.loadAndActivate({ locale: "en", messages: {} });
  vi.spyOn(api, "getSite").mockRejectedValue(new Error("no demo"));
});

async function show(onDone: () => void) {
  const root = createRootRoute({ component: () => <LoginForm onDone={onDone} /> });
  const router = createRouter({
    routeTree: root,
    history: createMemoryHistory({ initialEntries: ["/"] }),
  });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <I18nProvider i18n={i18n}>
      <MantineProvider>
        <QueryClientProvider client={client}>
          <RouterProvider router={router as never} />
        </QueryClientProvider>
      </MantineProvider>
    </I18nProvider>,
  );
  return { user: userEvent.setup(), name: await screen.findByLabelText("User name") };
}

const refusal = (code: string | null, facts = {}) => new ApiError(401, code, "No", [], facts, null);

test("a second factor is asked for, and a wrong code may be tried again", async () => {
  const done = vi.fn();
  vi.spyOn(api, "login").mockRejectedValue(refusal("second_factor_required", { challenge: "abc" }));
  const withCode = vi
    .spyOn(api, "loginWithCode")
    .mockRejectedValueOnce(refusal("code_invalid"))
    .mockResolvedValueOnce({ access: "a", refresh: "r" } as never);
  const { user, name } = await show(done);
  await user.type(name, "ann");
  await user.type(screen.getByLabelText("Password"), "secret words{Enter}");
  await user.type(await screen.findByLabelText("Code"), "000000{Enter}");
  await screen.findByText(/This code is wrong/);
  expect(done).not.toHaveBeenCalled();
  await user.clear(screen.getByLabelText("Code"));
  await user.type(screen.getByLabelText("Code"), "123456{Enter}");
  await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
  expect(withCode).toHaveBeenLastCalledWith("abc", "123456");
});

test("empty fields are named beside themselves and nothing is sent", async () => {
  const login = vi.spyOn(api, "login");
  const { user, name } = await show(vi.fn());
  await user.click(screen.getByRole("button", { name: "Log in" }));
  expect(await screen.findByText("Enter your user name")).toBeVisible();
  expect(name).toHaveAccessibleDescription("Enter your user name");
  expect(name).toHaveFocus();
  expect(login).not.toHaveBeenCalled();
});

test("a wrong password is said in words, and the name stays", async () => {
  vi.spyOn(api, "login").mockRejectedValue(refusal(null));
  const { user, name } = await show(vi.fn());
  await user.type(name, "ann");
  await user.type(screen.getByLabelText("Password"), "wrong{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("do not belong together");
  expect(name).toHaveValue("ann");
});
