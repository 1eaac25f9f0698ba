import { useLingui } from "@lingui/react/macro";
import { DESCRIPTION_MAX, type Problem, TITLE_MAX } from "./draft";

/** What is wrong with a field, and how to put it right. */
export function useProblemWords(): Record<Problem, string> {
  const { t } = useLingui();
  return {
    titleMissing: t`Give it a title.`,
    titleLong: t`Shorten the title to ${TITLE_MAX} characters.`,
    descriptionLong: t`Shorten the description to ${DESCRIPTION_MAX} characters.`,
    amountMissing: t`Enter an amount.`,
    amountWrong: t`This is no amount of that currency. Write digits, like 49.50.`,
    reserveLow: t`The reserve must be higher than the starting price.`,
    buyNowLow: t`The fixed price must be at least 30 % above the starting price.`,
    buyNowBelowReserve: t`The fixed price must be higher than the reserve.`,
    opensPast: t`Choose a time that has not passed.`,
  };
}
