import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconFlag } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { ButtonLink } from "@/components/ui/links";
import { useAuth } from "@/features/auth/use-auth";

const ReportSheet = lazy(() => import("./report-sheet"));

export interface ReportTarget {
  kind: "auction" | "user";
  id: number;
  /** This page, to come back to after a login. */
  path: string;
}

/** Tell staff that something is wrong with a listing or a user. */
export function ReportButton({ target }: { target: ReportTarget }) {
  const { me } = useAuth();
  const [opened, setOpened] = useState(false);
  const look = {
    variant: "subtle",
    color: "gray",
    leftSection: <IconFlag size={18} aria-hidden />,
  } as const;
  if (me === null) {
    return (
      <ButtonLink to="/login" search={{ next: target.path }} {...look} c="inherit">
        <Trans>Report</Trans>
      </ButtonLink>
    );
  }
  return (
    <>
      <Button {...look} c="inherit" mih={44} aria-haspopup="dialog" onClick={() => setOpened(true)}>
        <Trans>Report</Trans>
      </Button>
      <Suspense>
        {opened && <ReportSheet target={target} onClose={() => setOpened(false)} />}
      </Suspense>
    </>
  );
}
