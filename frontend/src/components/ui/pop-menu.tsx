import { VisuallyHidden } from "@mantine/core";
import { type ReactNode, useId, useRef } from "react";
import classes from "./pop-menu.module.css";

/**
 * A button of the header with a panel below it: the browser's own popover, which closes by itself
 * on Escape, on a click elsewhere, and gives the focus back.
 */
export function PopMenu(props: { label: string; button: ReactNode; children: ReactNode }) {
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  return (
    <>
      <button type="button" className={classes.button} popoverTarget={id}>
        <span aria-hidden className={classes.sign}>
          {props.button}
        </span>
        <VisuallyHidden>{props.label}</VisuallyHidden>
      </button>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: choosing by key clicks too */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: closes after a choice inside */}
      <div
        id={id}
        ref={panel}
        popover="auto"
        className={classes.panel}
        onClick={(event) => {
          if ((event.target as Element).closest("a, button")) panel.current?.hidePopover();
        }}
      >
        {props.children}
      </div>
    </>
  );
}

/** A heading within the panel. */
export function PopLabel({ children }: { children: ReactNode }) {
  return <p className={classes.label}>{children}</p>;
}

/** One of several choices, or a thing to do. */
export function PopChoice(props: {
  onChoose: () => void;
  chosen?: boolean;
  lang?: string;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      className={classes.item}
      lang={props.lang}
      onClick={props.onChoose}
      {...(props.chosen === undefined ? {} : { "aria-pressed": props.chosen })}
    >
      {props.children}
      {props.chosen && <span aria-hidden>✓</span>}
    </button>
  );
}

export const popItem = classes.item;
