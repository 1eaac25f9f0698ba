import { Trans, useLingui } from "@lingui/react/macro";
import {
  IconChevronLeft,
  IconChevronRight,
  IconPhotoOff,
  IconZoomIn,
  IconZoomOut,
} from "@tabler/icons-react";
import { memo, useRef, useState } from "react";
import type { components } from "@/api/schema.gen";
import { Sheet } from "@/components/ui/sheet";
import classes from "./gallery.module.css";

type Image = components["schemas"]["AuctionImage"];

const SIZES = "(max-width: 62rem) 100vw, 50rem";

interface GalleryProps {
  images: readonly Image[];
  title: string;
}

/** The pictures: swiped, stepped through by keys, picked by thumbnail, looked at closely. */
export const Gallery = memo(function Gallery({ images, title }: GalleryProps) {
  const { t } = useLingui();
  const track = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const [close, setClose] = useState(false);
  const count = images.length;

  const show = (place: number) => {
    const element = track.current;
    if (element === null || place < 0 || place >= count) return;
    element.scrollTo({ left: place * element.clientWidth, behavior: "instant" });
    setAt(place);
  };
  if (count === 0) {
    return (
      <div className={classes.none}>
        <IconPhotoOff size={48} stroke={1.25} aria-hidden />
        <Trans>No pictures</Trans>
      </div>
    );
  }
  const current = at + 1;
  return (
    // Pictures are not mirrored: the first is left in every language.
    <section className={classes.gallery} dir="ltr" aria-label={t`Pictures`}>
      <div className={classes.stage}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: a scrolling box takes arrow keys */}
        <div
          ref={track}
          className={classes.track}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: who scrolls by keys must get there
          tabIndex={0}
          onKeyDown={(event) => {
            const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
            if (step === undefined) return;
            event.preventDefault();
            show(at + step);
          }}
          onScroll={({ currentTarget: box }) => {
            if (box.clientWidth > 0) setAt(Math.round(box.scrollLeft / box.clientWidth));
          }}
        >
          {images.map((image, place) => (
            <button
              key={image.id}
              type="button"
              tabIndex={-1}
              className={classes.slide}
              onClick={() => setClose(true)}
              aria-label={t`Look closely at picture ${place + 1} of ${count}`}
            >
              <img
                src={image.thumbnails.large}
                srcSet={`${image.thumbnails.medium} 400w, ${image.thumbnails.large} 960w`}
                sizes={SIZES}
                alt={count === 1 ? title : t`${title}, picture ${place + 1} of ${count}`}
                width={960}
                height={720}
                loading={place === 0 ? "eager" : "lazy"}
                fetchPriority={place === 0 ? "high" : "auto"}
              />
            </button>
          ))}
        </div>
        <button
          type="button"
          className={classes.zoom}
          onClick={() => setClose(true)}
          aria-label={t`Look closely`}
        >
          <IconZoomIn size={22} aria-hidden />
        </button>
        {count > 1 && (
          <>
            <button
              type="button"
              className={classes.back}
              onClick={() => show(at - 1)}
              disabled={at === 0}
              aria-label={t`Previous picture`}
            >
              <IconChevronLeft size={24} aria-hidden />
            </button>
            <button
              type="button"
              className={classes.on}
              onClick={() => show(at + 1)}
              disabled={at === count - 1}
              aria-label={t`Next picture`}
            >
              <IconChevronRight size={24} aria-hidden />
            </button>
            <span className={classes.place} role="status">
              <Trans>
                {current} of {count}
              </Trans>
            </span>
          </>
        )}
      </div>
      {count > 1 && (
        <div className={classes.thumbs}>
          {images.map((image, place) => (
            <button
              key={image.id}
              type="button"
              className={classes.thumb}
              aria-pressed={place === at}
              aria-label={t`Picture ${place + 1}`}
              onClick={() => show(place)}
            >
              <img src={image.thumbnails.small} alt="" width={80} height={60} loading="lazy" />
            </button>
          ))}
        </div>
      )}
      <CloseUp image={images[at]} title={title} opened={close} onClose={() => setClose(false)} />
    </section>
  );
});

interface CloseUpProps {
  image: Image | undefined;
  title: string;
  opened: boolean;
  onClose: () => void;
}

/** One picture as large as it is, to be moved about in. */
function CloseUp({ image, title, opened, onClose }: CloseUpProps) {
  const { t } = useLingui();
  const [large, setLarge] = useState(false);
  if (image === undefined) return null;
  return (
    <Sheet opened={opened} onClose={onClose} title={title} wide>
      <section
        className={classes.close}
        data-large={large || undefined}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who scrolls by keys must get there
        tabIndex={0}
        aria-label={title}
      >
        <img src={image.image} alt={title} />
      </section>
      <button type="button" className={classes.larger} onClick={() => setLarge(!large)}>
        {large ? <IconZoomOut size={20} aria-hidden /> : <IconZoomIn size={20} aria-hidden />}
        {large ? t`Fit to the window` : t`Twice as large`}
      </button>
    </Sheet>
  );
}
