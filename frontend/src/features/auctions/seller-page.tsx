import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Avatar, Button, Skeleton } from "@mantine/core";
import { IconCalendar, IconMapPin, IconMessage } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ButtonLink } from "@/components/ui/links";
import { Empty, PageError } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { useAuth } from "@/features/auth/use-auth";
import { keys } from "@/lib/query";
import { day } from "@/lib/time";
import { api } from "@/services/session";
import { AuctionGrid } from "./auction-grid";
import classes from "./seller-page.module.css";
import { userQuery } from "./user-query";

const PAGE_SIZE = 12;

interface SellerPageProps {
  userId: number;
  /** What else can be done about them. */
  actions?: ReactNode;
}

/** Somebody's public page: who he is, what he sells, what he sold. */
export function SellerPage({ userId, actions }: SellerPageProps) {
  const { me } = useAuth();
  const { i18n } = useLingui();
  const { data: user, error, refetch } = useQuery(userQuery(userId));
  if (error && user === undefined) return <PageError error={error} reset={() => void refetch()} />;
  if (user === undefined) return <Skeleton height="7rem" mb="xl" />;
  const since = day(user.member_since, i18n.locale);
  return (
    <>
      <div className={classes.head}>
        <Avatar
          src={user.avatar_thumbnails?.medium ?? null}
          name={user.username}
          color="indigo"
          variant="filled"
          size={88}
          alt=""
        />
        <div>
          <PageTitle tab={user.username} />
          <ul className={classes.facts}>
            {user.full_name && (
              <li>
                <bdi>{user.full_name}</bdi>
              </li>
            )}
            {user.location && (
              <li>
                <IconMapPin size={16} aria-hidden /> <bdi>{user.location}</bdi>
              </li>
            )}
            <li>
              <IconCalendar size={16} aria-hidden /> <Trans>Member since {since}</Trans>
            </li>
          </ul>
        </div>
        {me?.id !== user.id && (
          <div className={classes.actions}>
            <ButtonLink
              to="/messages"
              search={{ to: user.id }}
              variant="default"
              leftSection={<IconMessage size={18} aria-hidden />}
            >
              <Trans>Write a message</Trans>
            </ButtonLink>
            {actions}
          </div>
        )}
      </div>
      {user.bio && (
        <p className={classes.bio} dir="auto">
          {user.bio}
        </p>
      )}
      <Listings
        title={<Trans>For sale</Trans>}
        seller={user.username}
        filters={{ status: ["active", "scheduled"], ordering: ["ending_soon"] }}
        empty={<Trans>Nothing for sale at the moment</Trans>}
      />
      <Listings
        title={<Trans>Sold</Trans>}
        seller={user.username}
        filters={{ sold: true, ordering: ["-end_time"] }}
      />
    </>
  );
}

interface ListingsProps {
  title: ReactNode;
  seller: string;
  filters: NonNullable<Parameters<typeof api.getAuctions>[0]>;
  /** What to say of none; without it, none is not mentioned. */
  empty?: ReactNode;
}

function Listings({ title, seller, filters, empty }: ListingsProps) {
  const all = { ...filters, seller, page_size: PAGE_SIZE };
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    {
      queryKey: [...keys.auctions(all), "pages"],
      queryFn: ({ pageParam }) => api.getAuctions({ ...all, page: pageParam }),
      initialPageParam: 1,
      getNextPageParam: (last, pages) => (last.next === null ? undefined : pages.length + 1),
    },
  );
  const auctions = data?.pages.flatMap(({ results }) => results);
  const count = data?.pages[0]?.count ?? 0;
  if (auctions?.length === 0 && empty === undefined) return null;
  return (
    <section className={classes.section}>
      <h2 className={classes.title}>
        {title}
        {count > 0 && (
          <span className={classes.count}>
            <Plural value={count} one="# listing" other="# listings" />
          </span>
        )}
      </h2>
      {error && data === undefined ? (
        <Button variant="default" onClick={() => void refetch()}>
          <Trans>This could not be loaded. Try again</Trans>
        </Button>
      ) : auctions?.length === 0 ? (
        <Empty title={empty} />
      ) : (
        <AuctionGrid auctions={auctions} expected={4} />
      )}
      {hasNextPage && (
        <Button
          variant="default"
          mt="md"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          <Trans>Show more</Trans>
        </Button>
      )}
    </section>
  );
}
