import { createRoot } from "react-dom/client";
import "./app/styles.css";
import { App } from "./app/app";
import { preferredLanguage, showLanguage } from "./app/i18n";
import { restoreSession } from "./services/session";

async function start(): Promise<void> {
  await Promise.all([showLanguage(preferredLanguage()), restoreSession()]);
  const root = document.getElementById("root");
  if (root) createRoot(root).render(<App />);
}

void start();

// After the page: the worker is for the next visit, for pushes and for when nobody answers.
if (import.meta.env.PROD && "serviceWorker" in navigator) {
  addEventListener("load", () => void navigator.serviceWorker.register("/sw.js"));
}
