import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { components } from "@/api/schema.gen";
import { useSentence } from "@/components/ui/form";
import { complain } from "@/components/ui/toast";
import { keys } from "@/lib/query";
import { auctionQuery } from "@/services/auction-query";
import { api } from "@/services/session";
import { upload } from "@/services/uploads";
import type { Listing } from "./draft";

export type ListedPicture = components["schemas"]["AuctionImage"];

/** A picture on its way up. */
export interface Upload {
  key: number;
  name: string;
  /** 0 to 1; at 1 the server is still looking at it. */
  share: number;
  problem: string | null;
}

export const PICTURES_MAX = 20;
const BYTES_MAX = 5 * 1024 * 1024;

/** A listing's pictures: send more, put them in order, take some away. */
export function usePictures(listing: Listing) {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const [uploads, setUploads] = useState<Upload[]>([]);
  const next = useRef(0);
  const queue = useRef<Promise<void>>(Promise.resolve());

  const show = (change: (images: ListedPicture[]) => ListedPicture[]) =>
    client.setQueryData(auctionQuery(listing.id).queryKey, (known) =>
      known ? { ...known, images: change(known.images) } : known,
    );
  const note = (key: number, change: Partial<Upload>) =>
    setUploads((all) => all.map((each) => (each.key === key ? { ...each, ...change } : each)));
  const forget = (key: number) => setUploads((all) => all.filter((each) => each.key !== key));

  const sendOne = async (key: number, file: File) => {
    const form = new FormData();
    form.append("images", file);
    try {
      const path = `/api/auctions/${listing.id}/images/`;
      const added = await upload<ListedPicture[]>(path, form, (share) => note(key, { share }));
      show((images) => [...images, ...added]);
      forget(key);
    } catch (error) {
      note(key, { problem: sentence(error) });
    }
  };

  /** Send files one after another; what is no picture or too large is said at once. */
  const add = (files: readonly File[]) => {
    for (const file of files) {
      const key = next.current++;
      const problem = problemOf(file);
      setUploads((all) => [...all, { key, name: file.name, share: 0, problem }]);
      if (problem === null) queue.current = queue.current.then(() => sendOne(key, file));
    }
  };
  const problemOf = (file: File): string | null => {
    if (!file.type.startsWith("image/")) return t`This is not a picture.`;
    return file.size > BYTES_MAX ? t`This picture is larger than 5 MB.` : null;
  };

  const undoable = async (
    change: (images: ListedPicture[]) => ListedPicture[],
    ask: () => Promise<unknown>,
  ) => {
    const before = client.getQueryData(keys.auction(listing.id));
    show(change);
    try {
      await ask();
    } catch (error) {
      client.setQueryData(keys.auction(listing.id), before);
      complain(sentence(error));
    }
  };

  /** Put the picture at one place at another. */
  const move = (from: number, to: number) => {
    const images = [...listing.images];
    const [moved] = images.splice(from, 1);
    if (!moved || to < 0 || to > images.length) return;
    images.splice(to, 0, moved);
    const image_ids = images.map((image) => image.id);
    void undoable(
      () => images,
      () => api.orderAuctionImages(listing.id, { image_ids }),
    );
  };
  const remove = (id: number) =>
    void undoable(
      (images) => images.filter((image) => image.id !== id),
      () => api.deleteAuctionImage(listing.id, id),
    );
  return { uploads, add, forget, move, remove };
}
