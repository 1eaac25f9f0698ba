/** What the page shows one at a time; the address knows it by these words. */
export const ORDER_TABS = ["purchases", "sales", "invoices", "statement"] as const;
export type OrderTab = (typeof ORDER_TABS)[number];
