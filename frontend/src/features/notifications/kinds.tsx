import { useLingui } from "@lingui/react/macro";
import {
  IconAlarm,
  IconArrowUpRight,
  IconBan,
  IconCash,
  IconCashBanknoteOff,
  IconClockDollar,
  IconClockOff,
  IconFileExport,
  IconFlag,
  IconGavel,
  IconHourglassOff,
  IconLockOpen,
  IconMailOff,
  IconMessage,
  IconMessageReport,
  type IconProps,
  IconReceiptRefund,
  IconScale,
  IconShieldExclamation,
  IconTag,
  IconTrophy,
  IconUserQuestion,
  IconWebhook,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { api } from "@/services/session";

export type Notification = Awaited<ReturnType<typeof api.listNotifications>>["results"][number];
export type Kind = Notification["kind"];

/** Every kind that was known when this was built; a newer house may know more. */
export const KIND_ICONS: Partial<Record<string, ComponentType<IconProps>>> = {
  moderation: IconShieldExclamation,
  outbid: IconArrowUpRight,
  won: IconTrophy,
  lost: IconHourglassOff,
  reserve_met: IconFlag,
  offer: IconTag,
  ending_soon: IconAlarm,
  cancelled: IconBan,
  sold: IconGavel,
  unsold: IconCashBanknoteOff,
  paid: IconCash,
  released: IconLockOpen,
  refund: IconReceiptRefund,
  dispute: IconScale,
  payment_due: IconClockDollar,
  payment_lapsed: IconClockOff,
  second_chance: IconUserQuestion,
  message: IconMessage,
  webhook_disabled: IconWebhook,
  export_ready: IconFileExport,
  report: IconMessageReport,
  email_off: IconMailOff,
} satisfies Record<Kind, ComponentType<IconProps>>;

/** What each kind is called where it is chosen and listed. */
export function useKindWords(): Partial<Record<string, string>> {
  const { t } = useLingui();
  return {
    outbid: t`Somebody outbid you`,
    won: t`You won`,
    lost: t`You did not win`,
    offer: t`Somebody made you an offer`,
    reserve_met: t`A reserve was met`,
    ending_soon: t`An auction you follow ends soon`,
    cancelled: t`An auction was cancelled`,
    sold: t`Your listing was sold`,
    unsold: t`Your listing was not sold`,
    paid: t`A payment arrived`,
    released: t`Money was released`,
    refund: t`Money was given back`,
    dispute: t`A dispute`,
    payment_due: t`A payment is due`,
    payment_lapsed: t`A sale lapsed without payment`,
    second_chance: t`A second chance to buy`,
    message: t`A message`,
    moderation: t`A decision of our staff`,
    webhook_disabled: t`A webhook was turned off`,
    export_ready: t`The copy of your data is ready`,
    report: t`What came of your report`,
    email_off: t`Your e-mail address takes no mail`,
  } satisfies Record<Kind, string>;
}
