import { APIClient, requestId } from "@bidbazaar/client";

/** Where the house is. */
export const baseUrl = process.env.HOUSE;

/** Somebody new, with an account of his own. */
export async function somebody(word, fetch) {
  const api = new APIClient({ baseUrl, fetch });
  const username = `${word}-${requestId().slice(0, 8)}`;
  const email = `${username}@example.com`;
  const password = `pass ${requestId()}`;
  await api.register({ username, email, password, full_name: `${word} Example` });
  return { api, username, email, password };
}

/** A picture of one red pixel per corner of a square, as a file of a form. */
export function picture(field) {
  const png =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==";
  const form = new FormData();
  form.append(field, new Blob([Buffer.from(png, "base64")], { type: "image/png" }), "red.png");
  return form;
}

/** Wait until something is true; fails after some seconds. */
export async function until(what, condition, seconds = 20) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    const found = await condition();
    if (found) return found;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error(`Waited ${seconds} seconds in vain: ${what}`);
}
