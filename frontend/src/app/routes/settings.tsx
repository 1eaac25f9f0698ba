import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { SignedIn } from "@/app/signed-in";
import { PagePending } from "@/components/ui/page-states";
import type { Me } from "@/features/auth/use-auth";
import { SettingsPage } from "@/features/settings/settings-page";
import { isTab, type Tab } from "@/features/settings/tabs";
import { checked } from "@/lib/checked-search";

const ProfileTab = lazy(async () => ({
  default: (await import("@/features/settings/profile-tab")).ProfileTab,
}));
const SecurityTab = lazy(async () => ({
  default: (await import("@/features/settings/security-tab")).SecurityTab,
}));
const NotificationSettings = lazy(async () => ({
  default: (await import("@/features/notifications/settings-notifications")).NotificationSettings,
}));
const BusinessSection = lazy(async () => ({
  default: (await import("@/features/settings/business-section")).BusinessSection,
}));
const BlockedUsers = lazy(async () => ({
  default: (await import("@/features/messages/settings-blocks")).BlockedUsers,
}));
const WebhookSection = lazy(async () => ({
  default: (await import("@/features/settings/webhook-section")).WebhookSection,
}));
const ApiKeySection = lazy(async () => ({
  default: (await import("@/features/settings/api-key-section")).ApiKeySection,
}));
const PayoutSettings = lazy(async () => ({
  default: (await import("@/features/payments/settings-payouts")).PayoutSettings,
}));
const SubscriptionSettings = lazy(async () => ({
  default: (await import("@/features/payments/settings-subscription")).SubscriptionSettings,
}));
const PersonalDataTab = lazy(async () => ({
  default: (await import("@/features/settings/personal-data-tab")).PersonalDataTab,
}));

export const Route = createFileRoute("/settings")({
  validateSearch: checked((search: Record<string, unknown>): { tab?: Tab } =>
    isTab(search["tab"]) ? { tab: search["tab"] } : {},
  ),
  component: SettingsRoute,
});

function SettingsRoute() {
  const { t } = useLingui();
  const { tab = "profile" } = Route.useSearch();
  return (
    <SignedIn tab={t`Settings`}>
      {(me) => (
        <SettingsPage tab={tab}>
          <Suspense fallback={<PagePending />}>
            <Part tab={tab} me={me} />
          </Suspense>
        </SettingsPage>
      )}
    </SignedIn>
  );
}

function Part({ tab, me }: { tab: Tab; me: Me }) {
  switch (tab) {
    case "profile":
      return <ProfileTab username={me.username} />;
    case "security":
      return <SecurityTab />;
    case "notifications":
      return <NotificationSettings />;
    case "selling":
      return (
        <>
          <SubscriptionSettings />
          <PayoutSettings email={me.email} />
          <BusinessSection />
        </>
      );
    case "privacy":
      return (
        <>
          <BlockedUsers />
          <PersonalDataTab />
        </>
      );
    case "developers":
      return (
        <>
          <ApiKeySection />
          <WebhookSection />
        </>
      );
  }
}
