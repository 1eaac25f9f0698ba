import { Trans, useLingui } from "@lingui/react/macro";
import { Text, Title } from "@mantine/core";
import { Row, RowList } from "@/components/ui/section";
import { money } from "@/lib/money";
import { instant } from "@/lib/time";
import type { Case } from "./case-page";

/** What happened, one thing after another. */
export function CaseTimeline({ timeline }: { timeline: Case["timeline"] }) {
  const { i18n } = useLingui();
  if (timeline.length === 0) return null;
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        <Trans>What happened, in order</Trans>
      </Title>
      <RowList>
        {timeline.map((event, index) => (
          <Row key={`${index} ${event.at}`}>
            <div>
              <Text>{event.text}</Text>
              <Text size="sm" c="dimmed">
                <time dateTime={event.at}>{instant(event.at, i18n.locale)}</time>
                {event.user && ` · ${event.user}`}
              </Text>
            </div>
            {event.amount !== null && event.currency !== null && (
              <Text className="amount" fw={600}>
                {money(event.amount, event.currency, i18n.locale)}
              </Text>
            )}
          </Row>
        ))}
      </RowList>
    </section>
  );
}
