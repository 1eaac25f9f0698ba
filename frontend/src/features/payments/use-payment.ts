import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { PaymentData } from "@/api/client";
import { NetworkError } from "@/api/errors";
import { useAct } from "@/lib/act";
import { keys } from "@/lib/query";
import { requestId } from "@/lib/request-id";
import { api } from "@/services/session";
import { type Payment, useAuctionOf, useMyPayments } from "./queries";
import { isOpen, isPaid } from "./states";

export type Method = PaymentData["payment_method"];

const LOOK_AGAIN_MS = 3000;

/** Pay for an auction: what there is to pay, the payment that is open or done, and the next step. */
export function usePayment(auctionId: number) {
  const client = useQueryClient();
  const auction = useAuctionOf(auctionId);
  const payments = useMyPayments();
  const [paymentId, setPaymentId] = useState<number | null>(null);
  // Kept until there is an answer: what is asked again after a cut connection counts once.
  const key = useRef(requestId());

  const known = payments.data?.find((each) => each.auction_id === auctionId);
  const current = useCurrent(paymentId ?? known?.id ?? null, known);

  const keep = (payment: Payment) => {
    setPaymentId(payment.id);
    client.setQueryData(keys.payments("one", { id: payment.id }), payment);
    if (isPaid(payment.status)) {
      void client.invalidateQueries({ queryKey: ["payments"] });
      void client.invalidateQueries({ queryKey: ["mine"] });
    }
  };

  const begin = useAct({
    mutationFn: (method: Method) =>
      api.createPayment(
        { auction_id: auctionId, payment_method: method },
        { idempotencyKey: key.current },
      ),
    onSuccess: keep,
    onSettled: (_, error) => {
      if (!(error instanceof NetworkError)) key.current = requestId();
    },
  });
  const confirm = useAct({
    mutationFn: async ({ id, card }: { id: number; card?: string }) => {
      const payment = await api.confirmPayment(id, card === undefined ? {} : { test_card: card });
      if (card !== undefined && payment.status === "requires_action") {
        throw new AskedFirst();
      }
      return payment;
    },
    onSuccess: keep,
  });
  return { auction, payments, payment: current, begin, confirm };
}

/** The buyer's bank wants to hear from him; the same card again is his yes. */
export class AskedFirst extends Error {
  override readonly name = "AskedFirst";
}

/** The payment as it is now; looked at again while its provider is still working on it. */
function useCurrent(id: number | null, known: Payment | undefined): Payment | undefined {
  const { data } = useQuery({
    queryKey: keys.payments("one", { id }),
    queryFn: () => api.getPayment(id ?? 0),
    enabled: id !== null,
    refetchInterval: ({ state }) =>
      state.data && isOpen(state.data.status) && state.data.status !== "requires_action"
        ? LOOK_AGAIN_MS
        : false,
  });
  return data ?? known;
}
