const TABS = ["profile", "security", "notifications", "selling", "privacy", "developers"] as const;

/** A part of the settings. */
export type Tab = (typeof TABS)[number];

export function isTab(name: unknown): name is Tab {
  return (TABS as readonly unknown[]).includes(name);
}
