import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useEffect } from "react";

/** The page's one heading, and its title in the tab. `tab` is plain text. */
export function PageTitle({ tab, children }: { tab: string; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${tab} · BidBazaar`;
  }, [tab]);
  return (
    <Title order={1} size="h2" mb="md">
      {children ?? tab}
    </Title>
  );
}
