import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Page } from "@playwright/test";

const BACKEND = resolve(import.meta.dirname, "../../backend");
const PYTHON = resolve(import.meta.dirname, "../../.venv/bin/python");

/** Stripe and PayPal, played by a process of the tests. */
export class Providers {
  private constructor(
    readonly url: string,
    private readonly process: ChildProcess,
  ) {}

  static async open(): Promise<Providers> {
    const child = spawn(PYTHON, ["-m", "tests.fakepay"], {
      cwd: BACKEND,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [url] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    return new Providers(url, child);
  }

  /** The settings of a house that is paid by them. */
  get environment(): NodeJS.ProcessEnv {
    return {
      STRIPE_API: this.url,
      STRIPE_SECRET_KEY: "sk_test_fakepay",
      STRIPE_PUBLISHABLE_KEY: "pk_test_fakepay",
      STRIPE_WEBHOOK_SECRET: "whsec_fakepay",
      PAYPAL_API: this.url,
      PAYPAL_CLIENT_ID: "fakepay-client",
      PAYPAL_CLIENT_SECRET: "fakepay-secret",
      PAYPAL_WEBHOOK_ID: "8PT597110X687430LKGECATA",
    };
  }

  /**
   * Give a page a script in place of Stripe's, which only Stripe may hand out: a card's number,
   * and what becomes of it with the provider.
   */
  async playStripe(page: Page): Promise<void> {
    await page.exposeFunction("payAtStripe", async (intent: string, card: string) => {
      const answer = await fetch(`${this.url}/_control/stripe/pay`, {
        method: "POST",
        body: JSON.stringify({ payment_intent: intent, card }),
      });
      return (await answer.json()) as unknown;
    });
    await page.route("https://js.stripe.com/**", (route) =>
      route.fulfill({ contentType: "text/javascript", body: `(${stripeScript.toString()})()` }),
    );
  }

  async close(): Promise<void> {
    const gone = once(this.process, "exit");
    this.process.kill();
    await gone;
  }
}

interface Intent {
  status: string;
  last_payment_error?: { message: string };
}

/** Runs in the page: as much of Stripe's script as the house uses. */
function stripeScript() {
  const world = window as unknown as {
    Stripe: unknown;
    payAtStripe: (intent: string, card: string) => Promise<Intent>;
  };
  world.Stripe = () => {
    let secret = "";
    const field = document.createElement("input");
    field.setAttribute("aria-label", "Card number");
    const element = {
      on: (event: string, act: () => void) => event === "ready" && setTimeout(act),
      mount: (place: HTMLElement) => place.append(field),
      destroy: () => field.remove(),
    };
    return {
      elements: (options: { clientSecret: string }) => {
        secret = options.clientSecret;
        return { create: () => element };
      },
      confirmPayment: async () => {
        const intent = await world.payAtStripe(secret.split("_secret")[0] ?? "", field.value);
        const message = intent.last_payment_error?.message;
        return intent.status === "requires_payment_method" ? { error: { message } } : {};
      },
      registerAppInfo: () => undefined,
      _registerWrapper: () => undefined,
    };
  };
}
