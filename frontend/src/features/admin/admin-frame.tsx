import { Trans, useLingui } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ButtonLink } from "@/components/ui/links";
import { Empty } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import side from "@/components/ui/side-nav.module.css";
import classes from "./admin.module.css";

/** The back office: its parts, and the chosen one. For staff alone. */
export function AdminFrame({ isStaff, children }: { isStaff: boolean; children: ReactNode }) {
  const { t } = useLingui();
  if (!isStaff) return <NotStaff />;
  const parts = [
    ["/admin", t`Dashboard`],
    ["/admin/reports", t`Reports`],
    ["/admin/appeals", t`Appeals`],
    ["/admin/risk", t`Suspicions`],
    ["/admin/deposits", t`Deposits`],
    ["/admin/users", t`Users`],
    ["/admin/auctions", t`Auctions`],
    ["/admin/payments", t`Payments`],
    ["/admin/figures", t`Settings`],
    ["/admin/audit", t`Audit log`],
  ] as const;
  return (
    <div className={classes.page}>
      <nav aria-label={t`Back office`}>
        <ul className={side.links}>
          {parts.map(([to, word]) => (
            <li key={to}>
              <Link to={to} activeOptions={{ exact: to === "/admin" }} className={side.link}>
                {word}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div>{children}</div>
    </div>
  );
}

function NotStaff() {
  const { t } = useLingui();
  return (
    <>
      <PageTitle tab={t`Back office`} />
      <Empty title={<Trans>The back office is for staff</Trans>}>
        <Text>
          <Trans>Your account is none of staff.</Trans>
        </Text>
        <ButtonLink to="/">
          <Trans>Home page</Trans>
        </ButtonLink>
      </Empty>
    </>
  );
}
