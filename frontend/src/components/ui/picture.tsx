import { IconPhoto } from "@tabler/icons-react";
import classes from "./picture.module.css";

interface Sizes {
  small: string;
  medium: string;
  large: string;
}

interface PictureProps {
  /** Null where nobody has given one. */
  thumbnails: Sizes | null | undefined;
  /** What it shows, for who cannot see it; "" where the words beside it say so. */
  alt: string;
  /** How wide it will be shown, as in `<img sizes>`. */
  sizes: string;
  /** Show the whole picture, with edges, in place of filling the frame. */
  whole?: boolean;
  /** It is what the page begins with: load it first. */
  first?: boolean;
}

/** A picture in a frame of 4:3 that takes its place before it is there. */
export function Picture({ thumbnails, alt, sizes, whole, first }: PictureProps) {
  return (
    <div className={classes.frame} data-whole={whole || undefined}>
      {thumbnails ? (
        <img
          src={thumbnails.medium}
          srcSet={`${thumbnails.small} 160w, ${thumbnails.medium} 400w, ${thumbnails.large} 960w`}
          sizes={sizes}
          alt={alt}
          width={400}
          height={300}
          loading={first ? "eager" : "lazy"}
          fetchPriority={first ? "high" : "auto"}
          decoding="async"
        />
      ) : (
        <IconPhoto size={40} stroke={1.25} aria-hidden />
      )}
    </div>
  );
}
