/** What the page shows one at a time; the address knows it by these words. */
export const LISTING_TABS = ["all", "draft", "scheduled", "active", "ended"] as const;
export type ListingTab = (typeof LISTING_TABS)[number];
