import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";

const DepositDialog = lazy(() => import("./deposit-dialog"));

/** Demands a deposit: of this account, or of one that is asked for. */
export function DepositButton({ user }: { user?: { id: number; username: string } }) {
  const { t } = useLingui();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button
        variant="default"
        mih={user ? undefined : 44}
        aria-label={user ? t`Demand a deposit of ${user.username}` : undefined}
        onClick={() => setAsking(true)}
      >
        <Trans>Demand a deposit</Trans>
      </Button>
      <Suspense>
        {asking && <DepositDialog user={user} onClose={() => setAsking(false)} />}
      </Suspense>
    </>
  );
}
