import { Trans, useLingui } from "@lingui/react/macro";
import { IconBell } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { instant, relative } from "@/lib/time";
import { clock } from "@/services/clock";
import { KIND_ICONS, type Notification, useKindWords } from "./kinds";
import classes from "./notifications-page.module.css";
import { useSentence } from "./sentences";
import { sitePath } from "./site-path";

/** One notification; following it marks it as read. */
export function NotificationRow({ row, onRead }: { row: Notification; onRead: () => void }) {
  const { i18n } = useLingui();
  const words = useKindWords();
  const { title, body } = useSentence(row);
  const Icon = KIND_ICONS[row.kind] ?? IconBell; // a newer house may know further kinds
  const isUnread = row.read_at === null;
  return (
    <li className={classes.row} data-unread={isUnread || undefined}>
      <Follow url={row.url} onFollow={isUnread ? onRead : undefined}>
        <span className={classes.icon} title={words[row.kind]}>
          <Icon size={20} aria-hidden />
        </span>
        <p className={classes.title}>{title}</p>
        <span className={classes.state}>{isUnread && <Trans>New</Trans>}</span>
        <p className={classes.note}>
          {body && <>{body} · </>}
          <time dateTime={row.created_at} title={instant(row.created_at, i18n.locale)}>
            {relative(row.created_at, clock.now(), i18n.locale)}
          </time>
        </p>
      </Follow>
    </li>
  );
}

function Follow(props: { url: string; onFollow: (() => void) | undefined; children: ReactNode }) {
  const path = sitePath(props.url);
  if (path === null) return <div className={classes.link}>{props.children}</div>;
  return (
    <Link to={path} className={classes.link} onClick={() => props.onFollow?.()}>
      {props.children}
    </Link>
  );
}
