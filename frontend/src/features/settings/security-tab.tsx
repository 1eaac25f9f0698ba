import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { PageError } from "@/components/ui/page-states";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import { EmailSection } from "./email-section";
import { PasskeySection } from "./passkey-section";
import { PasswordSection } from "./password-section";
import { RecoverySection } from "./recovery-section";
import { SessionSection } from "./session-section";
import { TotpSection } from "./totp-section";

export type Security = Awaited<ReturnType<typeof api.getSecurity>>;

/** Everything that keeps others out. */
export function SecurityTab() {
  const security = useQuery({ queryKey: keys.security("all"), queryFn: () => api.getSecurity() });
  if (security.isError) {
    return <PageError error={security.error} reset={() => void security.refetch()} />;
  }
  if (!security.data) return <Skeleton height={640} />;
  const has = security.data;
  return (
    <>
      <EmailSection security={has} />
      <PasswordSection />
      <TotpSection security={has} />
      <PasskeySection />
      {(has.totp || has.passkeys > 0) && <RecoverySection security={has} />}
      <SessionSection />
    </>
  );
}
