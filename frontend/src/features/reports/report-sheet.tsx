import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Radio, Stack, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { components } from "@/api/schema.gen";
import { FormAlert } from "@/components/ui/form";
import { sentenceOf } from "@/components/ui/page-states";
import { Sheet } from "@/components/ui/sheet";
import { say } from "@/components/ui/toast";
import { api } from "@/services/session";
import type { ReportTarget } from "./report-button";

type Reason = components["schemas"]["ReportReasonEnum"];

const DESCRIPTION_MAX = 2000;

/** Which reason, and what staff should know. */
export default function ReportSheet(props: { target: ReportTarget; onClose: () => void }) {
  const { target, onClose } = props;
  const { t } = useLingui();
  const [reason, setReason] = useState<Reason | null>(null);
  const [description, setDescription] = useState("");
  const [missing, setMissing] = useState(false);
  const report = useMutation({
    mutationFn: (chosen: Reason) =>
      api.createReport({
        kind: target.kind,
        target_id: target.id,
        reason: chosen,
        description: description.trim(),
      }),
    onSuccess: () => {
      say(t`Thank you. Staff will look at it.`);
      onClose();
    },
  });
  const reasons: Record<Reason, string> = {
    fraud: t`It looks like fraud`,
    counterfeit: t`It is a counterfeit`,
    prohibited: t`It may not be sold`,
    misleading: t`It is not as described`,
    harassment: t`It harasses somebody`,
    spam: t`It is spam`,
    other: t`Something else`,
  };
  return (
    <Sheet
      opened
      onClose={onClose}
      title={target.kind === "auction" ? t`Report this listing` : t`Report this user`}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setMissing(reason === null);
          if (reason !== null && !report.isPending) report.mutate(reason);
        }}
      >
        <Stack>
          <Radio.Group
            label={t`What is wrong?`}
            value={reason}
            onChange={(value) => {
              setReason(value as Reason);
              setMissing(false);
            }}
            error={missing && t`Choose what is wrong.`}
          >
            <Stack gap="sm" my="xs">
              {(Object.keys(reasons) as Reason[]).map((each) => (
                <Radio key={each} value={each} label={reasons[each]} />
              ))}
            </Stack>
          </Radio.Group>
          <Textarea
            label={t`What should staff know?`}
            description={t`Only staff read this.`}
            minRows={3}
            rows={4}
            maxLength={DESCRIPTION_MAX}
            value={description}
            onChange={({ currentTarget: { value } }) => setDescription(value)}
          />
          <FormAlert>{report.isError ? sentenceOf(report.error) : null}</FormAlert>
          <Button type="submit" size="md" loading={report.isPending}>
            <Trans>Send the report</Trans>
          </Button>
        </Stack>
      </form>
    </Sheet>
  );
}
