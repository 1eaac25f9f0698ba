import { ApiError } from "@/api/errors";
import { FIELD_OF } from "./draft";
import type { FormOfDraft } from "./use-draft-form";

/** Put a refusal beside the fields it is about; false if it is about none of the form's. */
export function tellFields(form: FormOfDraft, error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  const told = error.fields.filter((name) => FIELD_OF[name] !== undefined);
  for (const name of told) {
    const field = FIELD_OF[name];
    const message = sentenceAbout(name, error.message);
    if (field) form.setError(field, { type: "server", message });
  }
  return told.length > 0;
}

/** Of "title: too long; lots: too many" what is about one field, without its name. */
export function sentenceAbout(name: string, message: string): string {
  const part = message.split("; ").find((each) => each.startsWith(`${name}: `));
  const said = part === undefined ? message : part.slice(name.length + 2);
  return said.charAt(0).toUpperCase() + said.slice(1);
}
