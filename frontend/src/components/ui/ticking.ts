import { useSyncExternalStore } from "react";

const TICK_MS = 1000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/**
 * What `read` says now, read again every second by one timer for the whole page. It must return a
 * text, a number or a truth: who shows the same as before is not rendered again.
 */
export function useTicking<T extends string | number | boolean | null>(read: () => T): T {
  return useSyncExternalStore(subscribe, read);
}
