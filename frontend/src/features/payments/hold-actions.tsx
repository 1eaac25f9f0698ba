import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { Hold } from "./queries";
import { deedsOf } from "./states";

// Dialogs come with the first question, not with the page.
const ReleaseDialog = lazy(() =>
  import("./hold-dialogs").then((m) => ({ default: m.ReleaseDialog })),
);
const DisputeDialog = lazy(() =>
  import("./hold-dialogs").then((m) => ({ default: m.DisputeDialog })),
);
const RefundDialog = lazy(() =>
  import("./hold-dialogs").then((m) => ({ default: m.RefundDialog })),
);

type Question = "release" | "dispute" | "refund";
const DIALOGS = { release: ReleaseDialog, dispute: DisputeDialog, refund: RefundDialog };

/** What one side of an order may do about the money that is held. */
export function HoldActions({ hold, side }: { hold: Hold; side: "buyer" | "seller" }) {
  const [asked, setAsked] = useState<Question | null>(null);
  const may = deedsOf(hold.state, side);
  const Dialog = asked && DIALOGS[asked];
  return (
    <>
      {may.release && (
        <Button mih={44} onClick={() => setAsked("release")}>
          <Trans>I have received it</Trans>
        </Button>
      )}
      {may.dispute && (
        <Button mih={44} variant="default" onClick={() => setAsked("dispute")}>
          <Trans>Report a problem</Trans>
        </Button>
      )}
      {may.refund && (
        <Button mih={44} variant="default" onClick={() => setAsked("refund")}>
          <Trans>Give money back</Trans>
        </Button>
      )}
      <Suspense>{Dialog && <Dialog hold={hold} onClose={() => setAsked(null)} />}</Suspense>
    </>
  );
}
