import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { SignedIn } from "@/app/signed-in";
import { MailboxPage } from "@/features/mailbox/mailbox-page";
import { checked } from "@/lib/checked-search";

export const Route = createFileRoute("/mailbox")({
  validateSearch: checked((search: Record<string, unknown>): { mail?: number } => {
    const mail = Number(search["mail"]);
    return Number.isSafeInteger(mail) && mail > 0 ? { mail } : {};
  }),
  component: MailboxRoute,
});

function MailboxRoute() {
  const { t } = useLingui();
  const { mail } = Route.useSearch();
  return <SignedIn tab={t`Mailbox`}>{() => <MailboxPage mailId={mail} />}</SignedIn>;
}
