import { Trans, useLingui } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { AskDialog } from "@/components/ui/ask-dialog";
import { useSentence } from "@/components/ui/form";
import { say } from "@/components/ui/toast";
import { useAct } from "@/lib/act";
import { api } from "@/services/session";
import type { Deposit } from "./deposits-page";

/** Asks before an account may bid without its deposit. */
export default function LiftDialog({ row, onClose }: { row: Deposit; onClose: () => void }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const lift = useAct({
    mutationFn: () => api.liftDeposit(row.user_id),
    // The dialog stays until the row is gone, so that the focus goes to what is still there.
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["admin"] });
      say(t`${row.user} may bid again.`);
      onClose();
    },
  });
  return (
    <AskDialog
      opened
      title={t`Let ${row.user} bid again?`}
      confirm={t`Lift the deposit`}
      busy={lift.isPending}
      refused={lift.error ? sentence(lift.error) : undefined}
      onConfirm={() => lift.mutate()}
      onClose={onClose}
    >
      <Text>
        <Trans>
          Lift it when the deposit is there, or for mercy: bids are taken again at once, and the
          audit log says who lifted it.
        </Trans>
      </Text>
      {row.cause === "unpaid" && (
        <Text>
          <Trans>The next win that is not paid may bring it back.</Trans>
        </Text>
      )}
    </AskDialog>
  );
}
