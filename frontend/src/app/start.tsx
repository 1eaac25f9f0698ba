import { startTransition } from "react";
import { createRoot } from "react-dom/client";
import "./styles.css";
import { meQuery } from "@/features/auth/use-auth";
import { restoreSession } from "@/services/session";
import { App, queryClient, router } from "./app";
import { preferredLanguage, showLanguage } from "./i18n";

/** Draw the page; it takes the place of what the server has drawn. */
export async function start(): Promise<void> {
  if (import.meta.env.DEV) await import("@mantine/core/styles.layer.css");
  await Promise.all([showLanguage(preferredLanguage()), restoreSession()]);
  // The page's own part and its reader come first: it is drawn once, not as a frame filled later.
  // Asked once: where nobody answers, the page is drawn without and asks again.
  await Promise.all([router.load(), queryClient.prefetchQuery({ ...meQuery, retry: false })]);
  const root = document.getElementById("root");
  if (root === null) return;
  const keepPlace = placeOf(root);
  // In small steps: what somebody does meanwhile is answered.
  startTransition(() => createRoot(root).render(<App onDrawn={keepPlace} />));
}

/** Whoever tabs already stays where he is: returns what focuses the same link of the app's page. */
function placeOf(root: HTMLElement): () => void {
  let href = document.activeElement?.getAttribute("href");
  const follow = () => {
    href = document.activeElement?.getAttribute("href");
  };
  root.addEventListener("focusin", follow);
  return () => {
    root.removeEventListener("focusin", follow);
    if (href && document.activeElement === document.body) {
      root.querySelector<HTMLElement>(`a[href="${CSS.escape(href)}"]`)?.focus();
    }
  };
}
