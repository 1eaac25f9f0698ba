import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { DirectionProvider, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { createRouter, RouterProvider } from "@tanstack/react-router";
import { useLayoutEffect } from "react";
import { NotFound, PageError, PagePending } from "@/components/ui/page-states";
import { Toasts } from "@/components/ui/toast";
import { makeQueryClient } from "@/lib/query";
import { onIdentity } from "@/services/session";
import { routeTree } from "./routes.gen";
import { theme } from "./theme";

export const queryClient = makeQueryClient();
for (const { key, data } of pageData()) queryClient.setQueryData(key, data);
// Also when the house ends a session, or another tab does: what one user saw is not another's.
onIdentity(() => void queryClient.resetQueries());
export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0, // freshness is the query cache's affair
  defaultPendingComponent: PagePending,
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

/** What the server has put into the page, so that nobody asks for it a second time. */
function pageData(): { key: readonly unknown[]; data: unknown }[] {
  return JSON.parse(document.getElementById("page-data")?.textContent ?? "[]");
}

/** Allowed by the page's policy, which names no other inline style. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
// What keeps the page still beneath a dialog looks for it under this name.
Object.assign(window, { __webpack_nonce__: nonce });

/** The whole app: words, looks, data, pages. `onDrawn` is called once, when it stands. */
export function App({ onDrawn }: { onDrawn: () => void }) {
  useLayoutEffect(onDrawn, [onDrawn]);
  return (
    <I18nProvider i18n={i18n}>
      <DirectionProvider initialDirection={document.documentElement.dir === "rtl" ? "rtl" : "ltr"}>
        <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
          <QueryClientProvider client={queryClient}>
            <Toasts />
            <RouterProvider router={router} />
          </QueryClientProvider>
        </MantineProvider>
      </DirectionProvider>
    </I18nProvider>
  );
}
