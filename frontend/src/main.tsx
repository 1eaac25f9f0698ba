import { guardMarkup } from "@/lib/trusted-types";

/**
 * What the server has drawn is seen first, its pictures with it; then the app takes its place.
 *
 * On a slow line the app's files would else take the line from the picture; on a fast one this
 * waits for nothing.
 */
const PICTURES_MS_MAX = 1500;
const SHOWN_MS_MAX = 300;

async function firstViewSeen(): Promise<void> {
  const pictures = [...document.querySelectorAll<HTMLImageElement>("img[fetchpriority=high]")];
  const come = Promise.allSettled(pictures.map((picture) => picture.decode()));
  await Promise.race([come, wait(PICTURES_MS_MAX)]);
  // A page in the background is not painted; it goes on all the same.
  if (document.visibilityState === "visible") {
    await new Promise(requestAnimationFrame);
    await Promise.race([mainPictureShown(), wait(SHOWN_MS_MAX)]);
  }
  await wait(0);
}

/** On the screen, not only decoded. Below the window it never is; not every browser tells. */
async function mainPictureShown(): Promise<void> {
  const isTold = PerformanceObserver.supportedEntryTypes.includes("element");
  if (!isTold || document.querySelector("img[elementtiming]") === null) return;
  await new Promise((go) =>
    new PerformanceObserver(go).observe({ type: "element", buffered: true }),
  );
}

const wait = (milliseconds: number) => new Promise((go) => setTimeout(go, milliseconds));

/** Ask for the files of this page at once, not one after another. */
function askForFiles(): void {
  const files = document.querySelector<HTMLMetaElement>("meta[name=page-files]")?.content ?? "";
  for (const href of files.split(" ").filter(Boolean)) {
    const isStyle = href.endsWith(".css");
    const link = document.createElement("link");
    link.rel = isStyle ? "preload" : "modulepreload";
    if (isStyle) link.as = "style";
    link.crossOrigin = "anonymous";
    link.href = href;
    document.head.append(link);
  }
}

async function open(): Promise<void> {
  await firstViewSeen();
  askForFiles();
  // In a step of its own: the page comes also where no worker may run.
  queueMicrotask(() => {
    new Worker(new URL("./lib/warm-numbers.ts", import.meta.url), { type: "module" });
  });
  const { start } = await import("./app/start");
  await start();
  // The worker is for the next visit, for pushes and for when nobody answers.
  if (import.meta.env.PROD) await navigator.serviceWorker?.register("/sw.js");
}

guardMarkup();

/** Nobody takes a price for live that no longer moves: the page says that it is not whole. */
open().catch((reason) => {
  document.querySelector(".first-unfinished")?.removeAttribute("hidden");
  throw reason;
});
