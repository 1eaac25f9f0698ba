import { useEffect, useRef } from "react";

/** What a provider adds to our address when it sends the buyer back: a bank's page, PayPal's. */
const SIGNS = ["payment_intent", "PayerID"];

/** Act once if the buyer has come back from a page of the provider's where he has agreed. */
export function useReturn(act: () => void): void {
  const isDone = useRef(false);
  useEffect(() => {
    const search = new URLSearchParams(window.location.search);
    if (isDone.current || !SIGNS.some((sign) => search.has(sign))) return;
    isDone.current = true;
    act();
  });
}
