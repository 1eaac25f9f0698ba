import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { NetworkError } from "@/api/errors";
import { keys } from "@/lib/query";
import { clock } from "@/services/clock";
import { api } from "@/services/session";
import { changesOf, type DraftForm, type Field, formOf, type Listing, problemsOf } from "./draft";
import { tellFields } from "./tell-fields";
import type { FormOfDraft } from "./use-draft-form";

export type SaveState = "saved" | "waiting" | "saving" | "offline" | "refused";

const PAUSE_MS = 800; // after the last key
const AGAIN_MS = 5000; // when nobody answered

/** Keeps a draft on the server as it is typed: valid fields alone, one request after another. */
export function useAutosave(form: FormOfDraft, listing: Listing) {
  const client = useQueryClient();
  const [state, setState] = useState<SaveState>("saved");
  const saved = useRef<DraftForm>(formOf(listing));
  const running = useRef<Promise<boolean> | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const saveOnce = useCallback(async (): Promise<boolean> => {
    const values = form.getValues();
    const wrong = new Set(Object.keys(problemsOf(values, clock.now())) as Field[]);
    const changes = changesOf(values, saved.current, wrong);
    if (Object.keys(changes).length === 0) {
      setState("saved");
      return true;
    }
    setState("saving");
    try {
      const answer = await api.editAuction(listing.id, changes);
      saved.current = formOf(answer);
      client.setQueryData(keys.auction(listing.id), answer);
      void client.invalidateQueries({ queryKey: keys.mine("listings") });
      setState("saved");
      return true;
    } catch (error) {
      setState(error instanceof NetworkError ? "offline" : "refused");
      tellFields(form, error);
      return false;
    }
  }, [form, listing.id, client]);

  /** Save what is not saved yet; false if that did not work. */
  const flush = useCallback(async (): Promise<boolean> => {
    clearTimeout(timer.current);
    // Not two at once: what the first one answers is what the second one compares with.
    while (running.current) await running.current;
    running.current = saveOnce();
    try {
      return await running.current;
    } finally {
      running.current = null;
    }
  }, [saveOnce]);

  useEffect(() => {
    const stop = form.subscribe({
      formState: { values: true },
      callback: () => {
        setState("waiting");
        clearTimeout(timer.current);
        timer.current = setTimeout(() => void flush(), PAUSE_MS);
      },
    });
    return () => {
      stop();
      void flush(); // leaving the page is no reason to lose the last words
    };
  }, [form, flush]);

  useEffect(() => {
    if (state !== "offline") return;
    const again = setTimeout(() => void flush(), AGAIN_MS);
    return () => clearTimeout(again);
  }, [state, flush]);

  useEffect(() => {
    if (state === "saved") return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [state]);

  return { state, flush };
}
