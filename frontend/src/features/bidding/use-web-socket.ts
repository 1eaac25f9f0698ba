import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import type { ServerMessage } from "@/api/events.gen";
import { type RoomState, roomOf } from "./room-store";

/** What the live room of an auction says, as long as the component is there. */
export function useWebSocket(auctionId: number): RoomState {
  const room = roomOf(auctionId);
  return useSyncExternalStore(room.subscribe, room.read, room.read);
}

/** Hear every message of a room, each once: for announcements, sounds, toasts. */
export function useRoomMessages(
  auctionId: number,
  callback: (message: ServerMessage) => void,
): void {
  const hear = useEffectEvent(callback);
  useEffect(() => {
    const room = roomOf(auctionId);
    const ends = [room.subscribe(() => undefined), room.onMessage((message) => hear(message))];
    return () => {
      for (const end of ends) end();
    };
  }, [auctionId]);
}
