/** A browser's own gate for text that is to become HTML or script; not every browser has one. */
interface Gate {
  createPolicy(name: string, rules: Record<string, (text: string) => string | null>): unknown;
}

const OWN_SCRIPTS = /^\/(assets\/|sw\.js$)/;
const STRIPE = "https://js.stripe.com/";

/** Style sheets of the component library are put in as HTML; they have no tags. */
export function allowedHtml(text: string): string | null {
  return text.includes("<") ? null : text;
}

/** The app's own files, and Stripe's form; not what people have uploaded here. */
export function allowedScript(address: string): string | null {
  const { href, origin, pathname } = new URL(address, window.location.href);
  const isOwn = origin === window.location.origin && OWN_SCRIPTS.test(pathname);
  return isOwn || href.startsWith(STRIPE) ? address : null;
}

/**
 * Let no text become HTML or script but what is allowed here, whoever writes it. The page's
 * policy asks for this (`require-trusted-types-for`) and allows no other gate.
 */
export function guardMarkup(): void {
  const { trustedTypes } = window as { trustedTypes?: Gate };
  trustedTypes?.createPolicy("default", {
    createHTML: allowedHtml,
    createScriptURL: allowedScript,
  });
}
