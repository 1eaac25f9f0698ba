import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Center, Group, Loader, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ApiError, NetworkError } from "@/api/errors";

/** Failures to fetch a part of the app itself: nobody answers, or there is a newer app by now. */
const unfetched = new WeakSet<Error>();
globalThis.addEventListener?.("vite:preloadError", ({ payload }) => unfetched.add(payload));

/** A page on its way. */
export function PagePending() {
  const { t } = useLingui();
  return (
    <Center mih="40vh" role="status" aria-label={t`Loading`}>
      <Loader aria-hidden />
    </Center>
  );
}

/** What happened, whether anything was lost, and what to do. */
export function PageError({ error, reset }: { error: unknown; reset?: () => void }) {
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  const isUnfetched = error instanceof Error && unfetched.has(error);
  const offline = error instanceof NetworkError || isUnfetched;
  return (
    <Stack align="center" py="xl" role="alert">
      <Title order={1} size="h2">
        {offline ? <Trans>The house cannot be reached</Trans> : <Trans>Something went wrong</Trans>}
      </Title>
      <Text ta="center" maw="34rem">
        {offline ? (
          <Trans>Your connection or our server is down. Nothing of yours is lost; try again.</Trans>
        ) : (
          sentenceOf(error)
        )}
      </Text>
      <Group>
        <Button onClick={() => (reset && !isUnfetched ? reset() : window.location.reload())}>
          <Trans>Try again</Trans>
        </Button>
        <Button variant="default" component={Link} to="/">
          <Trans>Home page</Trans>
        </Button>
      </Group>
    </Stack>
  );
}

/** Nothing is here; somewhere else is. */
export function NotFound() {
  return (
    <Stack align="center" py="xl">
      <Title order={1} size="h2">
        <Trans>There is nothing here</Trans>
      </Title>
      <Text ta="center">
        <Trans>The listing may have been removed, or the address has a typing error.</Trans>
      </Text>
      <Group>
        <Button component={Link} to="/search">
          <Trans>Search the auctions</Trans>
        </Button>
        <Button variant="default" component={Link} to="/">
          <Trans>Home page</Trans>
        </Button>
      </Group>
    </Stack>
  );
}

/** A list with nothing in it says what to do next. */
export function Empty({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <Stack align="center" py="xl" gap="sm">
      <Text fw={600} size="lg" ta="center">
        {title}
      </Text>
      {children}
    </Stack>
  );
}

/** The sentence of any error, for people. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
