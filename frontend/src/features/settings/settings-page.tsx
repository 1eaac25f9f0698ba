import { useLingui } from "@lingui/react/macro";
import {
  IconBell,
  IconBuildingStore,
  IconCode,
  IconEyeOff,
  type IconProps,
  IconShieldLock,
  IconUser,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ComponentType, ReactNode } from "react";
import { PageTitle } from "@/components/ui/page-title";
import side from "@/components/ui/side-nav.module.css";
import classes from "./settings.module.css";
import { isTab, type Tab } from "./tabs";

const ICONS: Record<Tab, ComponentType<IconProps>> = {
  profile: IconUser,
  security: IconShieldLock,
  notifications: IconBell,
  selling: IconBuildingStore,
  privacy: IconEyeOff,
  developers: IconCode,
};

/** The settings' frame: what there is, and the chosen part. */
export function SettingsPage({ tab, children }: { tab: Tab; children: ReactNode }) {
  const { t } = useLingui();
  const words: Record<Tab, string> = {
    profile: t`Profile`,
    security: t`Security`,
    notifications: t`Notifications`,
    selling: t`Selling and plan`,
    privacy: t`Privacy`,
    developers: t`Developers`,
  };
  return (
    <>
      <PageTitle tab={t`Settings: ${words[tab]}`}>{t`Settings`}</PageTitle>
      <div className={classes.page}>
        <nav aria-label={t`Parts of the settings`}>
          <ul className={side.links}>
            {Object.keys(ICONS)
              .filter(isTab)
              .map((name) => {
                const Icon = ICONS[name];
                return (
                  <li key={name}>
                    <Link
                      to="/settings"
                      search={{ tab: name }}
                      className={side.link}
                      aria-current={name === tab ? "page" : undefined}
                      activeProps={{}}
                    >
                      <Icon size={18} aria-hidden />
                      {words[name]}
                    </Link>
                  </li>
                );
              })}
          </ul>
        </nav>
        <div>{children}</div>
      </div>
    </>
  );
}
