import { Trans } from "@lingui/react/macro";
import { Group } from "@mantine/core";
import { useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ButtonLink } from "@/components/ui/links";
import { Empty, PagePending } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { type Me, useAuth } from "@/features/auth/use-auth";

interface Props {
  /** The page's name, for whoever is not logged in. */
  tab: string;
  children: (me: Me) => ReactNode;
}

/** A page of one's own: whoever is not logged in is asked to, and comes back to it. */
export function SignedIn({ tab, children }: Props) {
  const { me } = useAuth();
  const next = useLocation({ select: (location) => location.href });
  if (me === undefined) return <PagePending />;
  if (me) return children(me);
  return (
    <>
      <PageTitle tab={tab} />
      <Empty title={<Trans>Log in to see this page</Trans>}>
        <Group justify="center">
          <ButtonLink to="/login" search={{ next }}>
            <Trans>Log in</Trans>
          </ButtonLink>
          <ButtonLink to="/register" search={{ next }} variant="default">
            <Trans>Make an account</Trans>
          </ButtonLink>
        </Group>
      </Empty>
    </>
  );
}
