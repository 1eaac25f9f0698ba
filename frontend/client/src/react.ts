/** Hooks for React 19 and TanStack Query 5; wrap the app in a QueryClientProvider. */
export { useAuction } from "@/features/auctions/use-auction";
export { useAuctions } from "@/features/auctions/use-auctions";
export { type Me, useAuth } from "@/features/auth/use-auth";
export type { BidKind, BidState, Placed } from "@/features/bidding/bid-sender";
export type { ShownBid } from "@/features/bidding/live-view";
export type { RoomState, You } from "@/features/bidding/room-store";
export { useLiveAuction } from "@/features/bidding/use-live-auction";
export { usePlaceBid } from "@/features/bidding/use-place-bid";
export { useRoomMessages, useWebSocket } from "@/features/bidding/use-web-socket";
export { useNotifications } from "@/features/notifications/use-notifications";
export { usePayment } from "@/features/payments/use-payment";
export { setClient } from "./session";
