import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import { PersonalData } from "./personal-data";

/** The same, once it is known what proves that it is the owner who asks. */
export function PersonalDataTab() {
  const { data } = useQuery({
    queryKey: keys.security("all"),
    queryFn: () => api.getSecurity(),
  });
  return data ? <PersonalData hasSecondFactor={data.totp} /> : <Skeleton height={240} mt="xl" />;
}
