import { useLingui } from "@lingui/react/macro";
import type { components } from "@/api/schema.gen";

export type Plan = components["schemas"]["Plan"];
export type Subscription = components["schemas"]["Subscription"];

/** The plans' names. */
export function usePlanWords(): Record<string, string> {
  const { t } = useLingui();
  return { free: t`Free`, pro: t`Pro`, business: t`Business` };
}
