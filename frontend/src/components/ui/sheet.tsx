import { useLingui } from "@lingui/react/macro";
import { IconX } from "@tabler/icons-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import classes from "./sheet.module.css";

interface SheetProps {
  opened: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
  /** Wider than a question needs: a picture, a long form. */
  wide?: boolean;
}

/**
 * Something in front of the page: the browser's own dialog, which keeps the focus inside and gives
 * it back. On a phone it comes from below, elsewhere it stands in the middle.
 */
export function Sheet({ opened, onClose, title, children, wide }: SheetProps) {
  const { t } = useLingui();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();

  useEffect(() => {
    const element = dialog.current;
    if (!opened || element === null) return;
    const before = document.activeElement;
    if (!element.open) element.showModal();
    heading.current?.focus();
    return () => {
      element.close();
      // By now the dialog may be gone from the page, and with it what the browser remembered.
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [opened]);

  if (!opened) return null;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes by itself
    <dialog
      ref={dialog}
      className={classes.sheet}
      data-wide={wide || undefined}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className={classes.inner}>
        <div className={classes.head}>
          <h2 id={id} ref={heading} tabIndex={-1} className={classes.title}>
            {title}
          </h2>
          <button type="button" className={classes.close} onClick={onClose} aria-label={t`Close`}>
            <IconX size={22} aria-hidden />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
