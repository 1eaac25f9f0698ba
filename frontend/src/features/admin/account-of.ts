import { everyRow } from "@/lib/pages";
import { api } from "@/services/session";
import { idOf } from "./filters";

const PAGE_SIZE = 100;

/**
 * The id of the account that somebody names, by its whole name or as #12; undefined: none has this
 * name. A name may be made of digits alone, so a number is one after a # only.
 */
export async function accountOf(named: string): Promise<number | undefined> {
  const text = named.trim();
  if (text.startsWith("#")) return idOf(text.slice(1));
  const name = text.toLowerCase(); // in names, upper case does not count
  const found = await everyRow((page) =>
    api.listUsers({ search: text, page, page_size: PAGE_SIZE }),
  );
  return found.find((row) => row.username.toLowerCase() === name)?.id;
}
