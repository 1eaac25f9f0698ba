import { Plural, Trans } from "@lingui/react/macro";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Picture } from "@/components/ui/picture";
import { categoriesQuery } from "./auction-queries";
import type { Auction } from "./auction-words";
import classes from "./home-page.module.css";

const EXPECTED = 12;

/** The top categories, each with a picture of something that is in it now. */
export function CategoryTiles({ auctions }: { auctions: readonly Auction[] | undefined }) {
  const { data } = useQuery(categoriesQuery());
  const all = data?.results ?? [];
  const parents = new Map(all.map((category) => [category.id, category.parent]));
  const pictures = new Map<number, Auction>();
  for (const auction of auctions ?? []) {
    let id: number | null | undefined = auction.category?.id;
    while (id != null && !pictures.has(id)) {
      if (auction.images.length > 0) pictures.set(id, auction);
      id = parents.get(id);
    }
  }
  const top = all.filter(({ depth, auction_count }) => depth === 0 && auction_count > 0);
  if (data && top.length === 0) return null;
  return (
    <section className={classes.section}>
      <div className={classes.head}>
        <h2 className={classes.title}>
          <Trans>Categories</Trans>
        </h2>
      </div>
      <ul className={classes.tiles}>
        {top.map((category) => (
          <li key={category.id}>
            <Link to="/search" search={{ category: category.slug }} className={classes.tile}>
              <Picture
                thumbnails={pictures.get(category.id)?.images[0]?.thumbnails}
                alt=""
                sizes="(max-width: 36rem) 50vw, 12rem"
              />
              <span className={classes.tileName}>{category.name}</span>
              <span className={classes.tileCount}>
                <Plural value={category.auction_count} one="# auction" other="# auctions" />
              </span>
            </Link>
          </li>
        ))}
        {!data &&
          Array.from({ length: EXPECTED }, (_, place) => (
            <li key={place} aria-hidden className={classes.tile}>
              <Skeleton height="auto" radius={0} className={classes.tilePicture} />
              <span className={classes.tileName}>
                <Skeleton height="1.25rem" />
              </span>
              <span className={classes.tileCount}>
                <Skeleton height="1rem" />
              </span>
            </li>
          ))}
      </ul>
    </section>
  );
}
