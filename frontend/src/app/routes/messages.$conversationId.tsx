import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { SignedIn } from "@/app/signed-in";
import { NotFound } from "@/components/ui/page-states";
import { MessagesPage } from "@/features/messages/messages-page";
import { useNotifications } from "@/features/notifications/use-notifications";

export const Route = createFileRoute("/messages/$conversationId")({ component: MessagesRoute });

function MessagesRoute() {
  const { t } = useLingui();
  const { page, unread } = useNotifications();
  const id = Number(Route.useParams().conversationId);
  if (!Number.isSafeInteger(id) || id < 1) return <NotFound />;
  return (
    <SignedIn tab={t`Messages`}>
      {(me) => (
        <MessagesPage
          meId={me.id}
          pulse={`${unread} ${page?.results[0]?.id ?? ""}`}
          conversationId={id}
        />
      )}
    </SignedIn>
  );
}
