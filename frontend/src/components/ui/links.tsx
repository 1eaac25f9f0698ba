import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core";
import { createLink, type LinkComponent } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";
import classes from "./links.module.css";

type Native<Own> = Own & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Own>;
type Linked = { ref?: Ref<HTMLAnchorElement> };

function MantineAnchor(props: Native<AnchorProps> & Linked) {
  return <Anchor underline="always" {...props} />;
}

function MantineButton(props: Native<ButtonProps> & Linked) {
  return <Button mih={44} component="a" className={classes.button} {...props} />;
}

/** A link in a text, with its path, params and search checked by the compiler. */
export const TextLink: LinkComponent<typeof MantineAnchor> = createLink(MantineAnchor);

/** A link that looks like a button, checked the same way. */
export const ButtonLink: LinkComponent<typeof MantineButton> = createLink(MantineButton);
