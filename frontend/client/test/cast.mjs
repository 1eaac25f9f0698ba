// Who takes part, and the contract that listens to all of them.
import assert from "node:assert/strict";
import { APIClient } from "@bidbazaar/client";
import { Contract } from "./contract.mjs";
import { baseUrl, until } from "./people.mjs";

/** What a test cannot make succeed: it has no provider's secret and sees no mail's headers or links,
 * and a demo verifies no addresses. */
export const REFUSED = new Set([
  "stripeWebhook",
  "payPalWebhook",
  "resendVerification",
  "verifyEmail",
  "unsubscribe",
  "appealByLink",
  "reportBounce",
]);

export const contract = new Contract();
export const { fetch } = contract;
export const nobody = new APIClient({ baseUrl, fetch });
export const staff = new APIClient({ baseUrl, fetch });

/** The token of the link in the newest mail about something. */
export async function mailed(api, subject) {
  const head = await until(`a mail about ${subject}`, async () => {
    const { results } = await api.listDemoMails();
    return results.find((mail) => subject.test(mail.subject));
  });
  const mail = await api.getDemoMail(head.id);
  const token = /[?&#]token=([^\s&"<]+)/.exec(mail.text)?.[1];
  assert.ok(token, `a link in: ${mail.text}`);
  return token;
}
