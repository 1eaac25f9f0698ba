import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { requestId } from "@/lib/request-id";
import { api } from "@/services/session";

export interface Letter {
  recipient: number | string;
  body: string;
  auctionId: number | null;
  images: File[];
}

/** Sends a message. The same words again, after a failure, count once. */
export function useSend() {
  const client = useQueryClient();
  const last = useRef({ said: "", key: "" });
  return useMutation({
    mutationFn: (letter: Letter) => {
      const pictures = letter.images.map((file) => `${file.name}/${file.size}`);
      const said = JSON.stringify([letter.recipient, letter.auctionId, letter.body, pictures]);
      if (last.current.said !== said) last.current = { said, key: requestId() };
      return api.sendMessage(bodyOf(letter), { idempotencyKey: last.current.key });
    },
    onSuccess: () => {
      last.current = { said: "", key: "" }; // saying the same once more is another message
      return client.invalidateQueries({ queryKey: ["messages"] });
    },
  });
}

function bodyOf({ recipient, body, auctionId, images }: Letter) {
  if (images.length === 0) return { recipient, body, auction_id: auctionId };
  const form = new FormData();
  form.set("recipient", String(recipient));
  form.set("body", body);
  if (auctionId !== null) form.set("auction_id", String(auctionId));
  for (const image of images) form.append("images", image);
  return form;
}
