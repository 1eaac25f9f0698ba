import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { render, renderHook, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, describe, expect, it } from "vitest";
import contract from "../../../../contracts/notifications.schema.json";
import { KIND_ICONS, type Notification, useKindWords } from "./kinds";
import { NotificationRow } from "./notification-row";
import { type Says, useSentence } from "./sentences";

const { data, kind } = contract.$defs.NotificationPushed.properties;
const SAYS = data.properties.says.enum as Says[];
const GIVEN = {
  title: "Leica M3",
  amount: 1250,
  currency: "USD",
  name: "ada",
  due_at: "2026-02-24T10:30:00Z",
  until_at: "2026-02-24T10:30:00Z",
  reason: "fraud",
  days: 14,
  address: "https://ada.example.com/",
};

/** The facts that the contract names for a sentence, and no others. */
function factsOf(says: Says): Partial<typeof GIVEN> {
  const [, line = ""] =
    data.properties.says.description.match(new RegExp(`^\\* \`${says}\`: (.*)$`, "m")) ?? [];
  const named = Object.entries(GIVEN).filter(([key]) => line.split(", ").includes(key));
  return Object.fromEntries(named);
}

function row(facts: object, count = 1): Notification {
  const told = { id: 1, kind: "won", title: "The house's title", body: "The house's body" };
  const at = { read_at: null, created_at: "2026-02-22T10:30:00Z", url: "" };
  return { ...told, ...at, data: facts, count } as Notification;
}

const Page = ({ children }: { children: ReactNode }) => (
  <I18nProvider i18n={i18n}>
    <MantineProvider>{children}</MantineProvider>
  </I18nProvider>
);

/** What a row reads as, without the marks that keep words of either direction apart. */
function read(told: Notification): { title: string; body: string } {
  const { current } = renderHook(() => useSentence(told), { wrapper: Page }).result;
  const plain = (text: string) => text.replace(/[\u2068\u2069]/g, "");
  return { title: plain(current.title), body: plain(current.body) };
}

async function speak(language: string): Promise<void> {
  const catalogs = await Promise.all([
    import(`../../locales/market/${language}.po`),
    import(`../../locales/house/${language}.po`),
  ]);
  const messages = Object.assign({}, ...catalogs.map((catalog) => catalog.messages));
  i18n.loadAndActivate({ locale: language, messages });
}

beforeEach(() => speak("en"));

it.each(SAYS)("has words for %s, of the facts that the house names for it", (says) => {
  const { title, body } = read(row({ says, ...factsOf(says) }));

  expect(title).not.toBe("The house's title");
  expect(title + body).not.toMatch(/undefined|null|NaN|\{|\}/);
});

it.each(SAYS.filter((says) => Object.keys(factsOf(says)).length > 0))(
  "leaves %s to the house where a fact is missing",
  (says) => {
    const needed = Object.keys(factsOf(says)).filter((key) => key !== "reason");
    for (const key of needed) {
      const facts = { ...factsOf(says), [key]: undefined };
      expect(read(row({ says, ...facts })).title).toBe("The house's title");
    }
  },
);

it.each([{}, { says: "of_a_newer_house", title: "Leica M3" }])(
  "leaves to the house what it does not know: %j",
  (facts) => {
    expect(read(row(facts))).toEqual({ title: "The house's title", body: "The house's body" });
  },
);

it("speaks for several at once", () => {
  const outbid = { says: "outbid", ...factsOf("outbid") };

  expect(read(row(outbid)).title).toBe("You were outbid on Leica M3");
  expect(read(row(outbid, 3))).toEqual({
    title: "You were outbid 3 times on Leica M3",
    body: "The price is now $1,250.",
  });
  expect(read(row({ says: "message", name: "ada" }, 2))).toEqual({
    title: "2 messages from ada",
    body: "The house's body", // which is what ada wrote
  });
});

describe("in the reader's language", () => {
  it.each(["de", "ar"])("says nothing in English to who reads %s", async (language) => {
    const english = SAYS.map((says) => read(row({ says, ...factsOf(says) })).title);
    await speak(language);

    const spoken = SAYS.map((says) => read(row({ says, ...factsOf(says) })).title);
    expect(spoken.filter((title) => english.includes(title))).toEqual([]);
  });

  it("counts as Arabic does", async () => {
    await speak("ar");
    const titles = [1, 2, 3, 11].map((count) => read(row({ says: "message", name: "ada" }, count)));

    expect(new Set(titles.map(({ title }) => title)).size).toBe(4);
  });

  it("shows the list in it, amounts as well", async () => {
    await speak("de");
    render(<NotificationRow row={row({ says: "won", ...factsOf("won") })} onRead={() => {}} />, {
      wrapper: Page,
    });

    expect(screen.getByText(/Sie haben „.?Leica M3.?“ gewonnen/)).toBeVisible();
    expect(screen.getByText(/Für 1\.250.\$; bitte bezahlen Sie/)).toBeVisible();
  });
});

it("has a word and a picture for every kind", () => {
  const words = renderHook(() => useKindWords(), { wrapper: Page }).result.current;

  expect(Object.keys(words).sort()).toEqual([...kind.enum].sort());
  expect(Object.keys(KIND_ICONS).sort()).toEqual([...kind.enum].sort());
});
