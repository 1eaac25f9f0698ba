import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Container } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useAuth } from "@/features/auth/use-auth";
import { NotificationBell } from "@/features/notifications/bell";
import classes from "./layout.module.css";
import { AccountMenu, LookMenu, SmallMenu } from "./menus";
import { useMainPages } from "./pages";
import { SearchField } from "./search-field";

/** What stands around every page: the way around, the search, who one is, the small print. */
export function Layout({ children }: { children: ReactNode }) {
  const { me } = useAuth();
  const { t } = useLingui();
  const pages = useMainPages();
  return (
    <>
      <a className="skip" href="#main">
        <Trans>Skip to the content</Trans>
      </a>
      <header className={classes.header}>
        <Container size="xl" className={classes.bar}>
          <Link to="/" className={classes.brand}>
            BidBazaar
          </Link>
          <SearchField />
          <nav className={classes.wide} aria-label={t`Main`}>
            {pages.map(([to, word]) => (
              <Link key={to} to={to} className={classes.link}>
                {word}
              </Link>
            ))}
          </nav>
          <div className={classes.own}>
            <LookMenu />
            {me && <NotificationBell />}
            {me && <AccountMenu me={me} />}
            {me === null && (
              <Button component={Link} to="/login" variant="light" size="sm">
                <Trans>Log in</Trans>
              </Button>
            )}
            <div className={classes.narrow}>
              <SmallMenu />
            </div>
          </div>
        </Container>
      </header>
      <Container size="xl" component="main" id="main" tabIndex={-1} className={classes.main}>
        {children}
      </Container>
      <footer className={classes.footer}>
        <Container size="xl">
          BidBazaar ·{" "}
          <a href="/api/docs/">
            <Trans>For developers</Trans>
          </a>
        </Container>
      </footer>
    </>
  );
}
