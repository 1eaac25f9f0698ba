import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { SignedIn } from "@/app/signed-in";
import { StartPage } from "@/features/selling/start-page";

export const Route = createFileRoute("/sell/")({ component: Sell });

function Sell() {
  const { t } = useLingui();
  return <SignedIn tab={t`Sell`}>{() => <StartPage />}</SignedIn>;
}
