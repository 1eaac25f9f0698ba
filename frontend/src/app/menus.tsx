import { useLingui } from "@lingui/react/macro";
import { Avatar, useDirection, useMantineColorScheme } from "@mantine/core";
import { IconAdjustmentsHorizontal, IconMenu2 } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { PopChoice, PopLabel, PopMenu, popItem } from "@/components/ui/pop-menu";
import { type Me, useAuth } from "@/features/auth/use-auth";
import { directionOf, LANGUAGES, type Language, showLanguage } from "./i18n";
import { useMainPages } from "./pages";

/** Colours and language; both are kept in this browser. */
export function LookMenu() {
  const { t, i18n } = useLingui();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { setDirection } = useDirection();
  const schemes = { auto: t`As the device`, light: t`Light`, dark: t`Dark` } as const;
  const choose = async (language: Language) => {
    await showLanguage(language, true);
    setDirection(directionOf(language));
  };
  return (
    <PopMenu
      label={t`Language and colours`}
      button={<IconAdjustmentsHorizontal size={22} aria-hidden />}
    >
      <PopLabel>{t`Language`}</PopLabel>
      {(Object.keys(LANGUAGES) as Language[]).map((language) => (
        <PopChoice
          key={language}
          lang={language}
          chosen={i18n.locale === language}
          onChoose={() => void choose(language)}
        >
          {LANGUAGES[language]}
        </PopChoice>
      ))}
      <PopLabel>{t`Colours`}</PopLabel>
      {(Object.keys(schemes) as (keyof typeof schemes)[]).map((scheme) => (
        <PopChoice
          key={scheme}
          chosen={colorScheme === scheme}
          onChoose={() => setColorScheme(scheme)}
        >
          {schemes[scheme]}
        </PopChoice>
      ))}
    </PopMenu>
  );
}

/** Everything that is one's own. */
export function AccountMenu({ me }: { me: Me }) {
  const { t } = useLingui();
  const { logout } = useAuth();
  const navigate = useNavigate();
  const pages = [
    ["/my/bids", t`My bids`],
    ["/my/listings", t`My listings`],
    ["/my/watchlist", t`Watchlist`],
    ["/my/orders", t`Orders and invoices`],
    ["/messages", t`Messages`],
    ["/settings", t`Settings`],
  ] as const;
  return (
    <PopMenu
      label={t`Account of ${me.username}`}
      button={<Avatar name={me.username} color="indigo" variant="filled" size={34} alt="" />}
    >
      <PopLabel>{me.username}</PopLabel>
      {pages.map(([to, word]) => (
        <Link key={to} to={to} className={popItem}>
          {word}
        </Link>
      ))}
      <PopChoice onChoose={() => void logout().then(() => navigate({ to: "/" }))}>
        {t`Log out`}
      </PopChoice>
    </PopMenu>
  );
}

/** The main pages, where there is no room for them side by side. */
export function SmallMenu() {
  const { t } = useLingui();
  const pages = useMainPages();
  return (
    <PopMenu label={t`Menu`} button={<IconMenu2 size={24} aria-hidden />}>
      <nav aria-label={t`Menu`}>
        {pages.map(([to, word]) => (
          <Link key={to} to={to} className={popItem}>
            {word}
          </Link>
        ))}
      </nav>
    </PopMenu>
  );
}
