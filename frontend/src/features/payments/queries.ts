import { useQuery } from "@tanstack/react-query";
import type { components } from "@/api/schema.gen";
import { everyRow, usePages } from "@/lib/pages";
import { keys } from "@/lib/query";
import { api } from "@/services/session";

export type Payment = components["schemas"]["Payment"];
export type Hold = components["schemas"]["Escrow"];
export type Invoice = components["schemas"]["Invoice"];
export type Auction = components["schemas"]["AuctionDetail"];

const PAGE_SIZE = 100;

/** All payments one has begun or made, newest first. */
export function useMyPayments() {
  return useQuery({
    queryKey: keys.payments("all"),
    queryFn: () => everyRow((page) => api.listPayments({ page, page_size: PAGE_SIZE })),
  });
}

/** All money that is or was held, of what one bought and sold. */
export function useMyHolds() {
  return useQuery({
    queryKey: keys.payments("held"),
    queryFn: () => everyRow((page) => api.listEscrow({ page, page_size: PAGE_SIZE })),
  });
}

/** Invoices and credit notes, page after page. */
export function useMyInvoices() {
  return usePages(keys.payments("invoices"), (page) => api.listInvoices({ page }));
}

/** The auctions one has sold. */
export function useMySales() {
  return useQuery({
    queryKey: keys.mine("sales"),
    queryFn: () =>
      everyRow((page) => api.listMyAuctions({ page, page_size: PAGE_SIZE, sold: true })),
  });
}

/** One auction, for its title and picture. */
export function useAuctionOf(id: number) {
  return useQuery({
    queryKey: keys.auction(id),
    queryFn: () => api.getAuction(id),
    refetchOnMount: "always", // whether there is anything to pay is asked, not remembered
  });
}
