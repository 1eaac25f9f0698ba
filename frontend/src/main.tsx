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
