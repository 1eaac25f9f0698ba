import { Trans, useLingui } from "@lingui/react/macro";
import { Checkbox, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { PageError } from "@/components/ui/page-states";
import { Section } from "@/components/ui/section";
import { complain } from "@/components/ui/toast";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import { type Kind, useKindWords } from "./kinds";
import { PushSection } from "./push-section";
import { QuietHours } from "./quiet-hours";
import classes from "./settings-notifications.module.css";

export type Wishes = Awaited<ReturnType<typeof api.getNotificationSettings>>;
type Change = NonNullable<Parameters<typeof api.patchNotificationSettings>[0]>;

const KEY = keys.notifications({ settings: true });

/** What one wants to be told: the whole answer of the house, and how to change a part. */
function useWishes() {
  const client = useQueryClient();
  const wishes = useQuery({ queryKey: KEY, queryFn: () => api.getNotificationSettings() });
  const change = useMutation({
    mutationFn: (part: Change) => api.patchNotificationSettings(part),
    onSuccess: (answer) => client.setQueryData(KEY, answer),
  });
  return { wishes, change };
}

/** What to hear of, by which way, and when not. */
export function NotificationSettings() {
  const { t } = useLingui();
  const { wishes, change } = useWishes();
  const failed = () => complain(t`This could not be saved; what you see is what counts.`);
  if (wishes.isError) {
    return <PageError error={wishes.error} reset={() => void wishes.refetch()} />;
  }
  if (!wishes.data) return <Skeleton height={640} />;
  const set = (part: Change) => change.mutate(part, { onError: failed });
  return (
    <>
      <PushSection />
      <Section title={t`What to hear of`} about={t`Each change counts at once.`}>
        <KindTable
          kinds={wishes.data.kinds}
          pending={change.isPending ? change.variables.kinds : undefined}
          onChange={(kinds) => set({ kinds })}
        />
      </Section>
      <QuietHours
        wishes={wishes.data}
        busy={change.isPending}
        onChange={(quiet_hours) => set({ quiet_hours })}
      />
    </>
  );
}

interface TableProps {
  kinds: Wishes["kinds"];
  pending: Change["kinds"];
  onChange: (change: NonNullable<Change["kinds"]>) => void;
}

function KindTable({ kinds, pending, onChange }: TableProps) {
  const { t } = useLingui();
  const words = useKindWords();
  const channels = [
    ["in_app", t`Here`],
    ["email", t`By mail`],
    ["push", t`Push`],
  ] as const;
  const shown = channels.filter(([channel]) => Object.values(kinds).some((row) => channel in row));
  return (
    <table className={classes.kinds}>
      <thead>
        <tr>
          <th scope="col">
            <Trans>What</Trans>
          </th>
          {shown.map(([channel, word]) => (
            <th key={channel} scope="col">
              {word}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {(Object.keys(kinds) as Kind[]).map((kind) => (
          <tr key={kind}>
            <th scope="row">{words[kind] ?? kind}</th>
            {shown.map(([channel, word]) => {
              const wanted = (kinds[kind] as Record<string, boolean>)[channel];
              const soon = (pending?.[kind] as Record<string, boolean> | undefined)?.[channel];
              return (
                <td key={channel}>
                  {wanted === undefined ? (
                    <Always channel={channel} />
                  ) : (
                    // biome-ignore lint/a11y/noLabelWithoutControl: the box within is Mantine's
                    <label className={classes.tick}>
                      <Checkbox
                        aria-label={`${words[kind] ?? kind}: ${word}`}
                        checked={soon ?? wanted}
                        onChange={(event) =>
                          onChange({ [kind]: { [channel]: event.currentTarget.checked } })
                        }
                      />
                    </label>
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Always({ channel }: { channel: string }) {
  return channel === "email" ? <Trans>Always</Trans> : <span aria-hidden>–</span>;
}
