import { Trans, useLingui } from "@lingui/react/macro";
import { Button, List, Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { FormAlert, useSentence } from "@/components/ui/form";
import { Notice } from "@/components/ui/notice";
import { say } from "@/components/ui/toast";
import { useAct } from "@/lib/act";
import { keys } from "@/lib/query";
import { instant } from "@/lib/time";
import { clock } from "@/services/clock";
import { api } from "@/services/session";
import { CostNote } from "./cost-note";
import { type Field, type Listing, problemsOf, STEP_ORDER, STEPS, type Step } from "./draft";
import type { FormOfDraft } from "./use-draft-form";
import { useProblemWords } from "./use-problem-words";

interface Props {
  form: FormOfDraft;
  listing: Listing;
  flush: () => Promise<boolean>;
  onStep: (step: Step) => void;
}

/** A last look: what is missing, what it costs, and the button that publishes it. */
export function StepReview({ form, listing, flush, onStep }: Props) {
  const { t, i18n } = useLingui();
  const values = form.watch();
  const problems = problemsOf(values, clock.now());
  const isComplete = Object.keys(problems).length === 0;
  const publish = usePublish(listing, flush);
  const sentence = useSentence();
  const opens =
    values.opens === "" ? null : instant(new Date(values.opens).toISOString(), i18n.locale);
  return (
    <Stack>
      {!isComplete && <Missing problems={problems} onStep={onStep} />}
      {listing.images.length === 0 && (
        <Notice title={t`There is no picture yet`}>
          <Button variant="default" mih={44} onClick={() => onStep("pictures")}>
            <Trans>Add pictures</Trans>
          </Button>
        </Notice>
      )}
      <Title order={3} size="h4">
        <Trans>What it costs</Trans>
      </Title>
      <CostNote listing={listing} />
      <Text>
        {opens === null ? (
          <Trans>
            It opens as soon as you publish it. Until the first bid you can still change almost
            everything or delete it; after that only add to the description.
          </Trans>
        ) : (
          <Trans>
            It is shown as soon as you publish it, and opens on {opens}. Until the first bid you can
            still change almost everything or delete it.
          </Trans>
        )}
      </Text>
      <FormAlert>{publish.error && sentence(publish.error)}</FormAlert>
      <Button
        size="md"
        mih={48}
        disabled={!isComplete}
        loading={publish.isPending}
        onClick={() => !publish.isPending && publish.mutate()}
      >
        {opens === null ? <Trans>Publish it now</Trans> : <Trans>Publish it</Trans>}
      </Button>
    </Stack>
  );
}

function usePublish(listing: Listing, flush: () => Promise<boolean>) {
  const { t } = useLingui();
  const client = useQueryClient();
  const navigate = useNavigate();
  return useAct({
    mutationFn: async () => {
      if (!(await flush())) throw new Error(t`The last changes are not saved yet. Try again.`);
      return api.activateAuction(listing.id);
    },
    onSuccess: async (published) => {
      client.setQueryData(keys.auction(listing.id), published);
      void client.invalidateQueries({ queryKey: ["mine"] });
      say(t`Your listing is published.`);
      await navigate({
        to: "/auctions/$auctionId",
        params: { auctionId: String(listing.id) },
      });
    },
  });
}

function Missing(props: { problems: ReturnType<typeof problemsOf>; onStep: (step: Step) => void }) {
  const { t } = useLingui();
  const words = useProblemWords();
  const stepOf = (field: Field): Step =>
    STEP_ORDER.find((step) => (STEPS[step] as readonly Field[]).includes(field)) ?? "item";
  return (
    <Notice kind="trouble" title={t`Before you can publish it`}>
      <List listStyleType="none">
        {Object.entries(props.problems).map(([field, problem]) => (
          <List.Item key={field}>
            <Button variant="subtle" mih={44} onClick={() => props.onStep(stepOf(field as Field))}>
              {words[problem]}
            </Button>
          </List.Item>
        ))}
      </List>
    </Notice>
  );
}
