import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { FormAlert, useSentence } from "@/components/ui/form";
import { Row, RowList, Section } from "@/components/ui/section";
import { keys } from "@/lib/query";
import { day } from "@/lib/time";
import { api } from "@/services/session";
import { keyBytes } from "./push-key";

const KEY = keys.notifications({ push: true });

/** The worker that shows pushes; null where the browser has none, or none for this page. */
async function worker(): Promise<ServiceWorkerRegistration | null> {
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) return null;
  return (await navigator.serviceWorker.getRegistration()) ?? null;
}

/** Notifications of this device, also while no page is open. */
export function PushSection() {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const possible = useQuery({
    queryKey: keys.notifications({ worker: true }),
    queryFn: async () => (await worker()) !== null,
  });
  const push = useQuery({ queryKey: KEY, queryFn: () => api.getPush() });
  const refresh = () => client.invalidateQueries({ queryKey: KEY });
  const turnOn = useMutation({
    mutationFn: async (publicKey: string) => {
      const registration = await worker();
      if ((await Notification.requestPermission()) !== "granted" || registration === null) {
        throw new Error(t`Your browser does not allow notifications of this site.`);
      }
      const subscription = await registration.pushManager.subscribe({
        userVisibleOnly: true,
        applicationServerKey: keyBytes(publicKey),
      });
      const { endpoint, keys: secrets } = subscription.toJSON();
      await api.subscribeToPush({
        endpoint: endpoint ?? "",
        keys: { p256dh: secrets?.["p256dh"] ?? "", auth: secrets?.["auth"] ?? "" },
      });
    },
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: (id: number) => api.unsubscribeFromPush(id),
    onSettled: refresh,
  });
  const error = turnOn.error ?? remove.error;
  const publicKey = push.data?.public_key;
  return (
    <Section
      title={t`On this device`}
      about={t`Be told at once when somebody outbids you, also while this page is closed.`}
    >
      <FormAlert>{error && sentence(error)}</FormAlert>
      {possible.data && publicKey && (
        <Button
          mih={44}
          style={{ alignSelf: "flex-start" }}
          loading={turnOn.isPending}
          onClick={() => turnOn.mutate(publicKey)}
        >
          <Trans>Turn notifications on</Trans>
        </Button>
      )}
      {possible.data === false && (
        <Text>
          <Trans>This browser cannot be sent notifications by this page.</Trans>
        </Text>
      )}
      <Devices push={push.data} onRemove={(id) => remove.mutate(id)} />
    </Section>
  );
}

function Devices(props: {
  push: Awaited<ReturnType<typeof api.getPush>> | undefined;
  onRemove: (id: number) => void;
}) {
  const { t, i18n } = useLingui();
  const devices = props.push?.subscriptions ?? [];
  if (devices.length === 0) return null;
  return (
    <RowList>
      {devices.map((device) => (
        <Row key={device.id}>
          <div>
            <Text lineClamp={1}>{device.device}</Text>
            <Text size="sm" c="dimmed">
              {day(device.created_at, i18n.locale)}
            </Text>
          </div>
          <Button
            variant="default"
            mih={44}
            aria-label={t`Stop notifications to ${device.device}`}
            onClick={() => props.onRemove(device.id)}
          >
            <Trans>Stop</Trans>
          </Button>
        </Row>
      ))}
    </RowList>
  );
}
