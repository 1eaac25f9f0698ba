import { Trans, useLingui } from "@lingui/react/macro";
import { Group, NativeSelect, Radio, Skeleton, Stack, Text, Textarea, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { FormAlert, SubmitButton, useSentence } from "@/components/ui/form";
import { TextLink } from "@/components/ui/links";
import { Picture } from "@/components/ui/picture";
import { say } from "@/components/ui/toast";
import { keys } from "@/lib/query";
import { instant } from "@/lib/time";
import { api } from "@/services/session";
import classes from "./admin.module.css";
import { ConversationEvidence, ReportEvidence } from "./report-evidence";
import type { Report } from "./reports-page";
import { useAdminWords, wordOf } from "./words";

type Decision = Parameters<typeof api.resolveReport>[1];

/** One report: what was said, what it is about, and what staff decide. */
export function ReportView({ report, onDecided }: { report: Report; onDecided: () => void }) {
  const { t, i18n } = useLingui();
  const words = useAdminWords();
  const sent = instant(report.created_at, i18n.locale);
  return (
    <Stack component="section" aria-label={t`The chosen report`}>
      <Title order={2} size="h3">
        {wordOf(words.reason, report.reason)}
      </Title>
      <Text size="sm" c="dimmed">
        <Trans>
          Reported by {report.reporter}, {sent}
        </Trans>
      </Text>
      {report.due_at !== null && report.state === "open" && <Due report={report} />}
      {report.description && (
        <blockquote className={classes.quote} dir="auto">
          {report.description}
        </blockquote>
      )}
      {report.kind === "auction" && <AuctionEvidence id={report.target_id} />}
      {report.kind === "user" && <UserEvidence id={report.target_id} />}
      {report.kind === "message" && <ConversationEvidence reportId={report.id} />}
      <ReportEvidence evidence={report.evidence} />
      {report.state === "open" ? (
        <DecisionForm report={report} onDecided={onDecided} />
      ) : (
        <Decided report={report} />
      )}
    </Stack>
  );
}

function Due({ report }: { report: Report }) {
  const { i18n } = useLingui();
  const due = instant(report.due_at ?? report.created_at, i18n.locale);
  return (
    <Text fw={600}>
      {report.overdue ? <Trans>Overdue since {due}</Trans> : <Trans>To be decided by {due}</Trans>}
    </Text>
  );
}

function AuctionEvidence({ id }: { id: number }) {
  const auction = useQuery({ queryKey: keys.auction(id), queryFn: () => api.getAuction(id) });
  if (auction.isPending) return <Skeleton height={140} />;
  if (!auction.data) {
    return (
      <Text>
        <Trans>The auction cannot be shown any more.</Trans>
      </Text>
    );
  }
  const { title, description, seller, images } = auction.data;
  return (
    <Group align="start" wrap="nowrap">
      <div style={{ flex: "0 0 9rem" }}>
        <Picture thumbnails={images[0]?.thumbnails} alt="" sizes="9rem" />
      </div>
      <div>
        <TextLink to="/auctions/$auctionId" params={{ auctionId: String(id) }} fw={600}>
          {title}
        </TextLink>
        <Text size="sm" c="dimmed">
          {typeof seller === "string" ? seller : null}
        </Text>
        <Text size="sm" lineClamp={6} style={{ whiteSpace: "pre-wrap" }}>
          {description}
        </Text>
      </div>
    </Group>
  );
}

function UserEvidence({ id }: { id: number }) {
  const user = useQuery({ queryKey: keys.user(id), queryFn: () => api.getUser(id) });
  if (user.isPending) return <Skeleton height={80} />;
  if (!user.data) {
    return (
      <Text>
        <Trans>The user cannot be shown any more.</Trans>
      </Text>
    );
  }
  return (
    <div>
      <TextLink to="/users/$userId" params={{ userId: String(id) }} fw={600}>
        {user.data.username}
      </TextLink>
      <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
        {user.data.bio}
      </Text>
    </div>
  );
}

function DecisionForm({ report, onDecided }: { report: Report; onDecided: () => void }) {
  const { t } = useLingui();
  const words = useAdminWords();
  const client = useQueryClient();
  const sentence = useSentence();
  const [resolution, setResolution] = useState<Decision["resolution"] | null>(null);
  const [action, setAction] = useState("");
  const [note, setNote] = useState("");
  const [missing, setMissing] = useState<string | null>(null);
  const resolve = useMutation({
    mutationFn: (decision: Decision) => api.resolveReport(report.id, decision),
    onSuccess: () => {
      say(t`The report is decided.`);
      onDecided();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["admin"] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(resolution === null ? t`Choose one of the two` : null);
    if (resolution === null || resolve.isPending) return;
    const act = resolution === "upheld" && action !== "" ? { action } : {};
    resolve.mutate({ resolution, note: note.trim(), ...act } as Decision);
  };
  const actions = Object.entries(words.action).filter(
    ([value]) => report.kind === "auction" || value !== "remove_auction",
  );
  return (
    <form onSubmit={submit}>
      <Stack>
        <FormAlert>{resolve.error && sentence(resolve.error)}</FormAlert>
        <Radio.Group
          label={t`Decision`}
          error={missing}
          value={resolution}
          onChange={(value) => setResolution(value as Decision["resolution"])}
        >
          <Group mt="xs">
            <Radio value="upheld" label={t`The report is right`} py={8} />
            <Radio value="dismissed" label={t`Nothing is wrong`} py={8} />
          </Group>
        </Radio.Group>
        {resolution === "upheld" && (
          <NativeSelect
            label={t`What follows`}
            size="md"
            value={action}
            data={[
              { value: "", label: t`Nothing but the note` },
              ...actions.map(([value, label]) => ({ value, label })),
            ]}
            onChange={(event) => setAction(event.currentTarget.value)}
          />
        )}
        <Textarea
          label={t`Note`}
          description={t`For the audit log.`}
          maxLength={2000}
          autosize
          minRows={2}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <SubmitButton busy={resolve.isPending} style={{ alignSelf: "flex-start" }}>
          <Trans>Decide</Trans>
        </SubmitButton>
      </Stack>
    </form>
  );
}

function Decided({ report }: { report: Report }) {
  const { i18n } = useLingui();
  const words = useAdminWords();
  const by = report.resolved_by ?? "–";
  const at = report.resolved_at ? instant(report.resolved_at, i18n.locale) : "–";
  return (
    <div>
      <Text fw={600}>
        {wordOf(words.reportState, report.state)}
        {report.action && `: ${wordOf(words.action, report.action)}`}
      </Text>
      <Text size="sm" c="dimmed">
        <Trans>
          Decided by {by}, {at}
        </Trans>
      </Text>
      {report.note && <Text style={{ whiteSpace: "pre-wrap" }}>{report.note}</Text>}
    </div>
  );
}
