import { Trans, useLingui } from "@lingui/react/macro";
import { Group, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { SubmitButton } from "@/components/ui/form";
import { Section } from "@/components/ui/section";
import type { Wishes } from "./settings-notifications";

interface Props {
  wishes: Wishes;
  busy: boolean;
  onChange: (hours: Wishes["quiet_hours"]) => void;
}

const NIGHT = { start: "22:00", end: "07:00" };

/** When no mail may come. */
export function QuietHours({ wishes, busy, onChange }: Props) {
  const { t } = useLingui();
  const hours = wishes.quiet_hours;
  const [start, setStart] = useState(hours?.start ?? NIGHT.start);
  const [end, setEnd] = useState(hours?.end ?? NIGHT.end);
  const zone = wishes.timezone;
  return (
    <Section
      title={t`Quiet hours`}
      about={t`Mails wait until they are over. Reminders to pay and second chances come always. Your time zone: ${zone}.`}
    >
      <Switch
        size="md"
        label={t`No mails at certain hours`}
        checked={hours !== null}
        disabled={busy}
        onChange={(event) => onChange(event.currentTarget.checked ? { start, end } : null)}
      />
      {hours !== null && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onChange({ start, end });
          }}
        >
          <Group align="end">
            <TextInput
              type="time"
              label={t`From`}
              size="md"
              required
              value={start}
              onChange={(event) => setStart(event.currentTarget.value)}
            />
            <TextInput
              type="time"
              label={t`Until`}
              size="md"
              required
              value={end}
              onChange={(event) => setEnd(event.currentTarget.value)}
            />
            <SubmitButton
              busy={busy}
              disabled={start === hours.start && end === hours.end}
              variant="default"
            >
              <Trans>Save</Trans>
            </SubmitButton>
          </Group>
        </form>
      )}
    </Section>
  );
}
