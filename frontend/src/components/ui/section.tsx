import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./section.module.css";

/** One matter of the settings, under its own heading. */
export function Section(props: { title: string; about?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <Title order={2} size="h3" mb={4}>
        {props.title}
      </Title>
      {props.about && (
        <Text c="dimmed" mb="sm">
          {props.about}
        </Text>
      )}
      <Stack>{props.children}</Stack>
    </section>
  );
}

/** Things of which there are several, with what can be done to each at the end of its row. */
export function RowList({ children }: { children: ReactNode }) {
  return <ul className={classes.rows}>{children}</ul>;
}

/** One of them: what it is, then what can be done to it. */
export function Row({ children }: { children: ReactNode }) {
  return <li className={classes.row}>{children}</li>;
}
