import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const BROWSERS = [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser"];

/** The machine's own Chromium; nothing is fetched. */
const executablePath = BROWSERS.find((path) => path && existsSync(path));
if (!executablePath) throw new Error("No Chromium here: install Debian's package `chromium`");

export default defineConfig({
  testDir: "e2e",
  timeout: 180_000, // a house is opened, an auction runs to its end
  expect: { timeout: 10_000 },
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  reporter: [["list"], ["junit", { outputFile: process.env["REPORT"] ?? "dist/.e2e.xml" }]],
  outputDir: "../var/e2e",
  use: {
    locale: "en-GB",
    timezoneId: "UTC",
    viewport: { width: 1280, height: 900 },
    trace: "retain-on-failure",
    launchOptions: {
      executablePath,
      args: [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
