/** BidBazaar for programs: the API, the live rooms, one's notifications. No UI. */
export {
  APIClient,
  type AuctionFilters,
  type ClientOptions,
  type NewAuction,
  type PaymentData,
  type RegisterData,
  type Tokens,
} from "@/api/client";
export { ApiError, NetworkError } from "@/api/errors";
export type { ClientMessage, RoomAuction, ServerMessage, Snapshot } from "@/api/events.gen";
export type { components, operations } from "@/api/schema.gen";
export type { Body, CallOptions, Query, Reply } from "@/api/transport";
export {
  BIDS_MAX,
  type RoomBid,
  type RoomView,
  roomReducer,
  type SnapshotLike,
  type Step,
  viewOf,
  withRows,
} from "@/features/bidding/room-reducer";
export { requestId } from "@/lib/request-id";
export { clock } from "@/services/clock";
export type { ConnectionState, LiveSocketOptions } from "@/services/live-socket";
export {
  type Notification,
  type NotificationMessage,
  NotificationSocket,
} from "@/services/notification-socket";
export { type BidUpdate, type SendOptions, WebSocketService } from "@/services/websocket";
