import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormAlert } from "@/components/ui/form";
import { sentenceOf } from "@/components/ui/page-states";
import { Sheet } from "@/components/ui/sheet";
import { say } from "@/components/ui/toast";
import { api } from "@/services/session";
import { savedSearchesQuery } from "./saved-queries";
import { queryOf } from "./saved-query";
import type { SearchState } from "./search-state";
import { useNarrowings } from "./search-words";

const NAME_MAX = 80;

/** Under which name a search is kept. */
export default function SaveSearchSheet(props: { state: SearchState; onClose: () => void }) {
  const { state, onClose } = props;
  const { t } = useLingui();
  const client = useQueryClient();
  const names = useNarrowings(state).map(({ name }) => name);
  const suggested = [state.search, ...names].filter(Boolean).join(", ") || t`All auctions`;
  const [name, setName] = useState(suggested.slice(0, NAME_MAX));
  const save = useMutation({
    mutationFn: () => api.saveSearch({ name: name.trim(), query: queryOf(state) }),
    onSuccess: async () => {
      say(t`The search is saved.`);
      await client.invalidateQueries({ queryKey: savedSearchesQuery().queryKey });
      onClose();
    },
  });
  const isNamed = name.trim() !== "";
  return (
    <Sheet opened onClose={onClose} title={<Trans>Save this search</Trans>}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isNamed && !save.isPending) save.mutate();
        }}
      >
        <Stack>
          <TextInput
            label={t`Name`}
            description={t`A search you saved under the same name is replaced.`}
            maxLength={NAME_MAX}
            value={name}
            error={!isNamed && t`Give it a name.`}
            onChange={({ currentTarget: { value } }) => setName(value)}
          />
          <FormAlert>{save.isError ? sentenceOf(save.error) : null}</FormAlert>
          <Button type="submit" size="md" loading={save.isPending} disabled={!isNamed}>
            <Trans>Save</Trans>
          </Button>
        </Stack>
      </form>
    </Sheet>
  );
}
