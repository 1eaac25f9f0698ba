import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Paper, Stack, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormAlert, useSentence } from "@/components/ui/form";
import { ButtonLink } from "@/components/ui/links";
import { Notice } from "@/components/ui/notice";
import { PageTitle } from "@/components/ui/page-title";
import { say } from "@/components/ui/toast";
import { useAct } from "@/lib/act";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import { changesOf, type Field, formOf, type Listing, STEPS } from "./draft";
import { PublishedFields } from "./published-fields";
import { StepPictures } from "./step-pictures";
import { tellFields } from "./tell-fields";
import { useDraftForm } from "./use-draft-form";

/** A listing others can see: what of it may still change, saved by hand. */
export function PublishedPage({ listing }: { listing: Listing }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const [saved, setSaved] = useState(() => formOf(listing));
  const form = useDraftForm(saved);
  const params = { auctionId: String(listing.id) };
  const save = useAct({
    mutationFn: () => {
      const { opens, duration } = saved; // fixed, and not asked about
      const changes = changesOf({ ...form.getValues(), opens, duration }, saved, NONE);
      return api.editAuction(listing.id, changes);
    },
    onError: (error) => tellFields(form, error),
    onSuccess: (answer) => {
      client.setQueryData(keys.auction(listing.id), answer);
      void client.invalidateQueries({ queryKey: keys.mine("listings") });
      setSaved(formOf(answer));
      form.reset(formOf(answer));
      say(t`Your changes are saved.`);
    },
  });
  const submit = async () => {
    const fields: Field[] = listing.total_bids > 0 ? TEXT : [...STEPS.item, ...STEPS.price];
    const isRight = await form.trigger(fields, { shouldFocus: true });
    if (isRight && !save.isPending) save.mutate();
  };
  return (
    <>
      <PageTitle tab={t`Edit the listing`} />
      <Stack maw="48rem">
        <Notice>
          {listing.total_bids > 0 ? (
            <Trans>
              There are bids: the title may still change, and the description may be added to below
              what is there. Pictures can be added, but not taken away.
            </Trans>
          ) : (
            <Trans>
              There is no bid yet: text, pictures and prices may still change. Times are fixed.
            </Trans>
          )}
        </Notice>
        <Paper withBorder p="md">
          <form
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              void submit();
            }}
          >
            <Stack>
              <PublishedFields form={form} listing={listing} />
              <FormAlert>{save.error && sentence(save.error)}</FormAlert>
              <Group>
                <Button type="submit" mih={44} loading={save.isPending}>
                  <Trans>Save the changes</Trans>
                </Button>
                <ButtonLink to="/auctions/$auctionId" params={params} variant="default">
                  <Trans>See the listing</Trans>
                </ButtonLink>
              </Group>
            </Stack>
          </form>
        </Paper>
        <Paper withBorder p="md">
          <Title order={2} size="h3" mb="sm">
            <Trans>Pictures</Trans>
          </Title>
          <StepPictures listing={listing} />
        </Paper>
      </Stack>
    </>
  );
}

const NONE = new Set<never>();
const TEXT: Field[] = ["title", "description"];
