import type { ReactNode } from "react";
import type { components } from "@/api/schema.gen";

export type ListedAuction = components["schemas"]["Auction"];

/** How a page shows an auction; the route hands it in, because cards belong to another feature. */
export type RenderCard = (
  auction: ListedAuction,
  parts: { badge?: ReactNode; action?: ReactNode },
) => ReactNode;
