import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconBookmark, IconBookmarkFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { ButtonLink } from "@/components/ui/links";
import { useAuth } from "@/features/auth/use-auth";
import { savedSearchesQuery } from "./saved-queries";
import { queryOf } from "./saved-query";
import type { SearchState } from "./search-state";

const SaveSearchSheet = lazy(() => import("./save-search-sheet"));

/** Keep a search under a name. */
export function SaveSearch({ state }: { state: SearchState }) {
  const { me } = useAuth();
  const { data } = useQuery({ ...savedSearchesQuery(), enabled: me != null });
  const [opened, setOpened] = useState(false);
  const query = queryOf(state);
  if (me === null || me === undefined) return null;
  if (data?.results.some((saved) => saved.query === query)) {
    return (
      <ButtonLink
        to="/my/searches"
        variant="default"
        leftSection={<IconBookmarkFilled size={18} aria-hidden />}
      >
        <Trans>Saved</Trans>
      </ButtonLink>
    );
  }
  return (
    <>
      <Button
        variant="default"
        mih={44}
        leftSection={<IconBookmark size={18} aria-hidden />}
        aria-haspopup="dialog"
        onClick={() => setOpened(true)}
      >
        <Trans>Save this search</Trans>
      </Button>
      <Suspense>
        {opened && <SaveSearchSheet state={state} onClose={() => setOpened(false)} />}
      </Suspense>
    </>
  );
}
