import { useLingui } from "@lingui/react/macro";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { PageError } from "@/components/ui/page-states";
import { Section } from "@/components/ui/section";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import { AvatarForm } from "./avatar-form";
import { ProfileForm } from "./profile-form";

export type Profile = Awaited<ReturnType<typeof api.getProfile>>;

/** What others see of one, and how the house writes to one. */
export function ProfileTab({ username }: { username: string }) {
  const { t } = useLingui();
  const profile = useQuery({ queryKey: keys.security("profile"), queryFn: () => api.getProfile() });
  if (profile.isError) {
    return <PageError error={profile.error} reset={() => void profile.refetch()} />;
  }
  if (!profile.data) return <Skeleton height={480} />;
  return (
    <>
      <Section title={t`Picture`}>
        <AvatarForm profile={profile.data} username={username} />
      </Section>
      <Section title={t`About you`} about={t`Everybody can see this, but for the time zone.`}>
        <ProfileForm profile={profile.data} />
      </Section>
    </>
  );
}
