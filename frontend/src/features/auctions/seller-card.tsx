import { Trans, useLingui } from "@lingui/react/macro";
import { Avatar, Group, Skeleton } from "@mantine/core";
import { IconMapPin, IconMessage } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ButtonLink } from "@/components/ui/links";
import { day } from "@/lib/time";
import classes from "./auction-page.module.css";
import { userQuery } from "./user-query";

interface SellerCardProps {
  seller: { id: number; username: string };
  auctionId: number;
  /** It is one's own. */
  own: boolean;
  /** What else can be done about them. */
  children?: ReactNode;
}

/** Who sells, since when, and how to ask. */
export function SellerCard({ seller, auctionId, own, children }: SellerCardProps) {
  const { i18n } = useLingui();
  const { data, isPending } = useQuery(userQuery(seller.id));
  const since = data && day(data.member_since, i18n.locale);
  return (
    <section>
      <h2 className={classes.title}>
        <Trans>Seller</Trans>
      </h2>
      <Group wrap="nowrap" align="start">
        <Avatar
          src={data?.avatar_thumbnails?.small ?? null}
          name={seller.username}
          color="indigo"
          variant="filled"
          size={56}
          alt=""
        />
        <div>
          <Link
            to="/users/$userId"
            params={{ userId: String(seller.id) }}
            className={classes.sellerName}
          >
            <bdi>{seller.username}</bdi>
          </Link>
          <div className={classes.faint}>
            {isPending && <Skeleton height="1rem" width="10rem" />}
            {since && <Trans>Member since {since}</Trans>}
          </div>
          {data?.location && (
            <div className={classes.faint}>
              <IconMapPin size={14} aria-hidden /> <bdi>{data.location}</bdi>
            </div>
          )}
          {data?.bio && (
            <p className={classes.text} dir="auto">
              {data.bio}
            </p>
          )}
        </div>
      </Group>
      <Group gap="sm" mt="sm">
        {!own && (
          <ButtonLink
            to="/messages"
            search={{ to: seller.id, auction: auctionId }}
            variant="default"
            leftSection={<IconMessage size={18} aria-hidden />}
          >
            <Trans>Ask a question</Trans>
          </ButtonLink>
        )}
        {children}
      </Group>
    </section>
  );
}
