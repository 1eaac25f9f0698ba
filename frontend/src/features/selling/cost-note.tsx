import { Trans, useLingui } from "@lingui/react/macro";
import { List } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { chargesOf } from "@/lib/fees";
import { money } from "@/lib/money";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import type { Listing } from "./draft";

/** What listing and selling cost, and what buyers pay on top; as the server has it. */
export function CostNote({ listing }: { listing: Listing }) {
  const { i18n } = useLingui();
  const { data: plan } = useQuery({
    queryKey: keys.payments("subscription"),
    queryFn: () => api.getSubscription(),
  });
  const { starting_price: price, currency } = listing;
  const charges = chargesOf(price, currency, listing);
  const hasFees = listing.buyers_premium.length > 0 || listing.tax !== null;
  const sum = money(price, currency, i18n.locale);
  const total = money(charges.total, currency, i18n.locale);
  const percent = plan?.commission_percent;
  return (
    <List spacing={4}>
      <List.Item>
        <Trans>Listing it costs nothing.</Trans>
      </List.Item>
      <List.Item>
        {percent == null ? (
          <Trans>
            When it is sold and paid, the house keeps the commission of its category from the price.
          </Trans>
        ) : (
          <Trans>
            When it is sold and paid, the house keeps at most {percent} % of the price, on your
            plan.
          </Trans>
        )}
      </List.Item>
      <List.Item>
        {hasFees ? (
          <Trans>
            A buyer pays premium and tax on top: at {sum} that is {total} in all.
          </Trans>
        ) : (
          <Trans>A buyer pays the price, and nothing on top.</Trans>
        )}
      </List.Item>
    </List>
  );
}
