import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Paper, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { FormAlert, useSentence } from "@/components/ui/form";
import { TextLink } from "@/components/ui/links";
import { PageTitle } from "@/components/ui/page-title";
import { useAct } from "@/lib/act";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import { TITLE_MAX } from "./draft";
import { useProblemWords } from "./use-problem-words";

const STARTING_PRICE = 1; // changed in the third step; a draft must have one

/** The first question; its answer makes the draft, which is kept from then on. */
export function StartPage() {
  const { t } = useLingui();
  const words = useProblemWords();
  const sentence = useSentence();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [title, setTitle] = useState("");
  const [isTried, setTried] = useState(false);
  const make = useAct({
    mutationFn: () =>
      api.createAuction({ title: title.trim(), starting_price: STARTING_PRICE, condition: "used" }),
    onSuccess: async (draft) => {
      client.setQueryData(keys.auction(draft.id), draft);
      void client.invalidateQueries({ queryKey: keys.mine("listings") });
      await navigate({ to: "/sell/$auctionId", params: { auctionId: String(draft.id) } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (title.trim() !== "" && !make.isPending) make.mutate();
  };
  return (
    <>
      <PageTitle tab={t`Sell`}>
        <Trans>What would you like to sell?</Trans>
      </PageTitle>
      <Paper withBorder p="lg" maw="40rem">
        <form onSubmit={submit} noValidate>
          <Stack>
            <TextInput
              label={t`Title`}
              description={t`What a buyer would search for: what it is, who made it, its size or year.`}
              placeholder={t`Walnut writing desk, Vienna, about 1890`}
              size="md"
              required
              maxLength={TITLE_MAX}
              value={title}
              error={isTried && title.trim() === "" && words.titleMissing}
              onChange={(event) => setTitle(event.currentTarget.value)}
            />
            <FormAlert>{make.error && sentence(make.error)}</FormAlert>
            <Button type="submit" size="md" mih={48} loading={make.isPending}>
              <Trans>Begin the listing</Trans>
            </Button>
            <Text size="sm">
              <Trans>
                Nobody sees it until you publish it. Everything is kept as you type, and you find it
                again under My listings.
              </Trans>
            </Text>
            <TextLink to="/my/listings" search={{ tab: "draft" }}>
              <Trans>Go on with a draft</Trans>
            </TextLink>
          </Stack>
        </form>
      </Paper>
    </>
  );
}
