import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Badge } from "@mantine/core";
import { IconArrowLeft, IconArrowRight, IconTrash } from "@tabler/icons-react";
import type { KeyboardEvent } from "react";
import { Picture } from "@/components/ui/picture";
import classes from "./pictures.module.css";
import type { ListedPicture } from "./use-pictures";

interface Props {
  image: ListedPicture;
  place: number;
  count: number;
  mayRemove: boolean;
  isDragged: boolean;
  onDrag: (place: number | null) => void;
  onDrop: () => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

const END = { "data-disabled": true, "aria-disabled": true };

/** A picture that can be dragged, moved by its buttons or by Alt and an arrow, and taken away. */
export function PictureTile(props: Props) {
  const { t } = useLingui();
  const { image, place, count, mayRemove, isDragged, onDrag, onDrop, onMove, onRemove } = props;
  const number = place + 1;
  const byKey = (event: KeyboardEvent) => {
    const isBack = event.key === "ArrowLeft" || event.key === "ArrowUp";
    const isOn = event.key === "ArrowRight" || event.key === "ArrowDown";
    if (!event.altKey || (!isBack && !isOn)) return;
    event.preventDefault(); // Alt and an arrow is the browser's way back
    onMove(isBack ? place - 1 : place + 1);
  };
  return (
    <li
      className={classes.tile}
      data-dragged={isDragged || undefined}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        onDrag(place);
      }}
      onDragEnd={() => onDrag(null)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        onDrop();
      }}
      onKeyDown={byKey}
    >
      <Picture thumbnails={image.thumbnails} alt={t`Picture ${number} of ${count}`} sizes="12rem" />
      {place === 0 && (
        <Badge className={classes.cover} color="dark" variant="filled" tt="none">
          <Trans>Cover</Trans>
        </Badge>
      )}
      <div className={classes.tools}>
        <ActionIcon
          size={44}
          variant="subtle"
          color="gray"
          className={classes.tool}
          // Not `disabled`: a moved picture must not lose the focus when it arrives at an end.
          {...(place === 0 ? END : {})}
          aria-label={t`Move picture ${number} forward`}
          onClick={() => onMove(place - 1)}
        >
          <IconArrowLeft className={classes.arrow} size={20} aria-hidden />
        </ActionIcon>
        <ActionIcon
          size={44}
          variant="subtle"
          color="gray"
          className={classes.tool}
          {...(number === count ? END : {})}
          aria-label={t`Move picture ${number} back`}
          onClick={() => onMove(place + 1)}
        >
          <IconArrowRight className={classes.arrow} size={20} aria-hidden />
        </ActionIcon>
        {mayRemove && (
          <ActionIcon
            size={44}
            variant="subtle"
            color="red"
            aria-label={t`Delete picture ${number}`}
            onClick={onRemove}
          >
            <IconTrash size={20} aria-hidden />
          </ActionIcon>
        )}
      </div>
    </li>
  );
}
