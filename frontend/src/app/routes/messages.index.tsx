import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { SignedIn } from "@/app/signed-in";
import { MessagesPage } from "@/features/messages/messages-page";
import { useNotifications } from "@/features/notifications/use-notifications";
import { checked } from "@/lib/checked-search";

/** `?to=` a user's id, `&auction=` what about: begins a conversation. */
export const Route = createFileRoute("/messages/")({
  validateSearch: checked((search: Record<string, unknown>): { to?: number; auction?: number } => {
    const to = idOf(search["to"]);
    const auction = idOf(search["auction"]);
    return { ...(to === null ? {} : { to }), ...(auction === null ? {} : { auction }) };
  }),
  component: MessagesRoute,
});

function idOf(given: unknown): number | null {
  const id = Number(given);
  return Number.isSafeInteger(id) && id > 0 ? id : null;
}

function MessagesRoute() {
  const { t } = useLingui();
  const { page, unread } = useNotifications();
  const { to, auction } = Route.useSearch();
  return (
    <SignedIn tab={t`Messages`}>
      {(me) => (
        <MessagesPage
          meId={me.id}
          pulse={`${unread} ${page?.results[0]?.id ?? ""}`}
          to={to}
          auction={auction}
        />
      )}
    </SignedIn>
  );
}
