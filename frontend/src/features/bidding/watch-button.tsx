import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconHeart, IconHeartFilled } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ButtonLink } from "@/components/ui/links";
import { sentenceOf } from "@/components/ui/page-states";
import { complain } from "@/components/ui/toast";
import { useAuth } from "@/features/auth/use-auth";
import { keys } from "@/lib/query";
import { api } from "@/services/session";

const ALL = { page_size: 100 };

interface WatchButtonProps {
  auctionId: number;
  /** It is the one thing to do here. */
  primary?: boolean;
}

/** Follow an auction, or no longer: one is told before it ends. */
export function WatchButton({ auctionId, primary = false }: WatchButtonProps) {
  const { t } = useLingui();
  const { me } = useAuth();
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: keys.mine("watched", ALL),
    queryFn: async () => (await api.listWatchlist(ALL)).results.map(({ id }) => id),
    enabled: me != null,
    staleTime: 60_000,
  });
  const isWatched = data?.includes(auctionId) ?? false;
  const toggle = useMutation({
    mutationFn: async () => {
      if (isWatched) await api.unwatchAuction(auctionId);
      else await api.watchAuction(auctionId);
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["mine"] });
      await client.invalidateQueries({ queryKey: keys.auction(auctionId) });
    },
    onError: (error) => complain(sentenceOf(error)),
  });
  const look = { variant: primary ? "filled" : "default", size: "md", fullWidth: true } as const;
  if (me === null) {
    const next = `/auctions/${auctionId}`;
    return (
      <ButtonLink
        to="/login"
        search={{ next }}
        {...look}
        leftSection={<IconHeart size={18} aria-hidden />}
      >
        <Trans>Watch</Trans>
      </ButtonLink>
    );
  }
  const Icon = isWatched ? IconHeartFilled : IconHeart;
  return (
    <Button
      {...look}
      {...(isWatched && { "aria-label": t`Watching: press to stop` })}
      loading={toggle.isPending}
      leftSection={<Icon size={18} aria-hidden />}
      onClick={() => toggle.mutate()}
    >
      {isWatched ? <Trans>Watching</Trans> : <Trans>Watch</Trans>}
    </Button>
  );
}
