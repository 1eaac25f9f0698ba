import { useLingui } from "@lingui/react/macro";
import { Tabs } from "@mantine/core";
import { PageTitle } from "@/components/ui/page-title";
import { InvoiceList } from "./invoice-list";
import { PurchaseList } from "./purchase-list";
import { SaleList } from "./sale-list";
import { StatementView } from "./statement-view";
import { ORDER_TABS, type OrderTab } from "./tabs";

interface Props {
  username: string;
  tab: OrderTab;
  onTab: (tab: OrderTab) => void;
}

/** What was bought and sold, where its money is, and the papers for it. */
export function OrdersPage({ username, tab, onTab }: Props) {
  const { t } = useLingui();
  const words: Record<OrderTab, string> = {
    purchases: t`Purchases`,
    sales: t`Sales`,
    invoices: t`Invoices`,
    statement: t`Statement`,
  };
  return (
    <>
      <PageTitle tab={t`Orders and invoices`} />
      <Tabs value={tab} onChange={(next) => next && onTab(next as OrderTab)} keepMounted={false}>
        <Tabs.List
          mb="md"
          style={{ flexWrap: "nowrap", overflowX: "auto", overflowY: "hidden" }}
          aria-label={t`Orders and invoices`}
        >
          {ORDER_TABS.map((each) => (
            <Tabs.Tab key={each} value={each} mih={44}>
              {words[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="purchases">
          <PurchaseList username={username} />
        </Tabs.Panel>
        <Tabs.Panel value="sales">
          <SaleList username={username} />
        </Tabs.Panel>
        <Tabs.Panel value="invoices">
          <InvoiceList />
        </Tabs.Panel>
        <Tabs.Panel value="statement">
          <StatementView />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
