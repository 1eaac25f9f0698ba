import { Trans, useLingui } from "@lingui/react/macro";
import { Button, CloseButton, Progress, Stack, Text, VisuallyHidden } from "@mantine/core";
import { IconPhotoPlus } from "@tabler/icons-react";
import { type DragEvent, useId, useRef, useState } from "react";
import type { Listing } from "./draft";
import { PictureTile } from "./picture-tile";
import classes from "./pictures.module.css";
import { PICTURES_MAX, type Upload, usePictures } from "./use-pictures";

/** Its pictures: the first is the cover. */
export function StepPictures({ listing }: { listing: Listing }) {
  const { t } = useLingui();
  const pictures = usePictures(listing);
  const { images, total_bids: bids } = listing;
  const [dragged, setDragged] = useState<number | null>(null);
  const [said, setSaid] = useState("");
  const list = useRef<HTMLOListElement>(null);
  const count = images.length;
  const move = (from: number, to: number) => {
    if (to < 0 || to >= count) return;
    const [number, place] = [from + 1, to + 1];
    setSaid(t`Picture ${number} is now number ${place} of ${count}.`);
    pictures.move(from, to);
  };
  const remove = (id: number, number: number) => {
    setSaid(t`Picture ${number} is deleted.`);
    list.current?.focus();
    pictures.remove(id);
  };
  return (
    <Stack>
      <Text>
        <Trans>
          Up to {PICTURES_MAX} pictures of at most 5 MB. The first is the cover. Daylight and a
          plain background show most.
        </Trans>
      </Text>
      {count < PICTURES_MAX && <AddPictures onFiles={pictures.add} />}
      {pictures.uploads.length > 0 && (
        <ul className={classes.uploads} aria-label={t`Pictures on their way`}>
          {pictures.uploads.map((each) => (
            <UploadRow key={each.key} upload={each} onForget={() => pictures.forget(each.key)} />
          ))}
        </ul>
      )}
      {count > 0 && (
        <ol
          ref={list}
          tabIndex={-1}
          className={classes.tiles}
          aria-label={t`Pictures in their order`}
        >
          {images.map((image, place) => (
            <PictureTile
              key={image.id}
              image={image}
              place={place}
              count={count}
              mayRemove={bids === 0}
              isDragged={dragged === place}
              onDrag={setDragged}
              onDrop={() => {
                if (dragged !== null && dragged !== place) move(dragged, place);
                setDragged(null);
              }}
              onMove={(to) => move(place, to)}
              onRemove={() => remove(image.id, place + 1)}
            />
          ))}
        </ol>
      )}
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </Stack>
  );
}

function AddPictures({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const { t } = useLingui();
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const [isOver, setOver] = useState(false);
  const isFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files may be dropped here; the button does the same
    <div
      className={classes.drop}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        if (!isFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        if (!isFiles(event)) return;
        event.preventDefault();
        setOver(false);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      <input
        ref={input}
        id={id}
        type="file"
        accept="image/*"
        multiple
        hidden
        aria-label={t`Add pictures`}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      <Button
        mih={48}
        variant="default"
        leftSection={<IconPhotoPlus size={20} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        <Trans>Add pictures</Trans>
      </Button>
      <Text size="sm">
        <Trans>or drop them here</Trans>
      </Text>
    </div>
  );
}

function UploadRow({ upload, onForget }: { upload: Upload; onForget: () => void }) {
  const { t } = useLingui();
  const { name, share, problem } = upload;
  const percent = Math.round(share * 100);
  return (
    <li className={classes.upload}>
      <div>
        <Text size="sm">{name}</Text>
        {problem === null ? (
          <Progress
            value={Math.max(percent, 3)}
            striped={share === 1}
            animated={share === 1}
            aria-label={t`Sending ${name}: ${percent} %`}
          />
        ) : (
          <Text size="sm" fw={600} role="alert">
            {problem}
          </Text>
        )}
      </div>
      {problem !== null && (
        <CloseButton size={44} aria-label={t`Take ${name} off this list`} onClick={onForget} />
      )}
    </li>
  );
}
