import { Trans, useLingui } from "@lingui/react/macro";
import { Text, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { ApiError } from "@/api/errors";
import { AskDialog } from "@/components/ui/ask-dialog";
import { refuseField, useSentence } from "@/components/ui/form";
import { say } from "@/components/ui/toast";
import { api } from "@/services/session";
import { accountOf } from "./account-of";

interface Props {
  /** Whom it is about; asked for without. */
  user?: { id: number; username: string } | undefined;
  onClose: () => void;
}

/** Demands a deposit of an account, for a reason, until staff lift it. */
export default function DepositDialog({ user, onClose }: Props) {
  const { t } = useLingui();
  const form = useForm({ defaultValues: { named: "", reason: "" } });
  const { register, formState } = form;
  const { demand, refused } = useDemand(form.setError, user, onClose);
  return (
    <AskDialog
      opened
      title={user ? t`Demand a deposit of ${user.username}?` : t`Demand a deposit`}
      confirm={t`Demand it`}
      busy={formState.isSubmitting}
      refused={refused}
      onConfirm={() => void form.handleSubmit(demand)()}
      onClose={onClose}
    >
      <Text>
        <Trans>
          The house takes no bid of this account until staff lift it. How the deposit is left, you
          agree with its owner.
        </Trans>
      </Text>
      {!user && (
        <TextInput
          data-autofocus
          label={t`User name`}
          description={t`Or # and the number, like #12.`}
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          error={formState.errors.named?.message}
          {...register("named")}
        />
      )}
      <Textarea
        data-autofocus={user ? true : undefined}
        label={t`Reason`}
        description={t`It stands in the audit log.`}
        required
        maxLength={500}
        autosize
        minRows={2}
        error={formState.errors.reason?.message}
        {...register("reason")}
      />
    </AskDialog>
  );
}

type Fields = { named: string; reason: string };
type SetError = ReturnType<typeof useForm<Fields>>["setError"];

/** How it is demanded; what is refused stands beside its field, or is `refused`. */
function useDemand(setError: SetError, user: Props["user"], onClose: () => void) {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const [refused, setRefused] = useState<string>();
  const refuseName = (message: string) => setError("named", { message }, { shouldFocus: true });

  async function demand({ named, reason }: Fields): Promise<void> {
    setRefused(undefined);
    try {
      const id = user?.id ?? (await accountOf(named));
      if (id === undefined) return refuseName(t`No account has this name.`);
      const deposit = await api.requireDeposit(id, { reason: reason.trim() });
      void client.invalidateQueries({ queryKey: ["admin"] });
      // Where staff have asked already the house leaves it as it was, and answers with that.
      if (deposit.reason !== reason.trim()) {
        setRefused(t`Staff demand a deposit of ${deposit.user} already. Nothing has changed.`);
        return;
      }
      say(t`${deposit.user} needs a deposit from now on.`);
      onClose();
    } catch (error) {
      if (!user && isAboutAccount(error)) {
        refuseName(error.status === 404 ? t`No account has this number.` : sentence(error));
      } else if (!refuseField(error, setError, ["reason"])) setRefused(sentence(error));
    }
  }

  return { demand, refused };
}

function isAboutAccount(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 404 || error.code === "not_yourself");
}
