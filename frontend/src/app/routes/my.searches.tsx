import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { SignedIn } from "@/app/signed-in";
import { SavedSearchesPage } from "@/features/auctions/saved-searches-page";

export const Route = createFileRoute("/my/searches")({
  component: function SavedSearches() {
    const { t } = useLingui();
    return <SignedIn tab={t`Saved searches`}>{() => <SavedSearchesPage />}</SignedIn>;
  },
});
