import { Trans, useLingui } from "@lingui/react/macro";
import { Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { AskDialog } from "@/components/ui/ask-dialog";
import { useSentence } from "@/components/ui/form";
import { say } from "@/components/ui/toast";
import { api } from "@/services/session";

interface Props {
  user: { id: number; username: string };
  how: "suspend" | "ban";
  onClose: () => void;
}

/** Shuts somebody out, for a reason: suspended until staff say otherwise, or banned. */
export default function BanDialog({ user, how, onClose }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState("");
  const ban = useMutation({
    mutationFn: () =>
      how === "suspend"
        ? api.changeUser(user.id, { status: "suspended", reason: reason.trim() })
        : api.banUser(user.id, {
            reason: reason.trim(),
            until: until === "" ? null : new Date(until).toISOString(),
          }),
    onSuccess: () => {
      say(how === "ban" ? t`${user.username} is banned.` : t`${user.username} is suspended.`);
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["admin"] }),
  });
  return (
    <AskDialog
      opened
      danger
      title={how === "ban" ? t`Ban ${user.username}?` : t`Suspend ${user.username}?`}
      confirm={how === "ban" ? t`Ban` : t`Suspend`}
      busy={ban.isPending}
      refused={ban.error ? sentence(ban.error) : undefined}
      onConfirm={() => ban.mutate()}
      onClose={onClose}
    >
      <Text>
        <Trans>Every session ends at once, and the bids in running auctions no longer count.</Trans>
      </Text>
      <Textarea
        data-autofocus
        label={t`Reason`}
        description={t`It stands in the audit log.`}
        required
        maxLength={500}
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {how === "ban" && (
        <TextInput
          type="datetime-local"
          label={t`Until (empty: for good)`}
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
      )}
    </AskDialog>
  );
}
