import { Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { PageTitle } from "@/components/ui/page-title";
import classes from "./auth-card.module.css";

/** The frame of every page about coming in: one narrow column in the middle. */
export function AuthCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={classes.card}>
      <PageTitle tab={title} />
      <Stack>{children}</Stack>
    </div>
  );
}
