import { useLingui } from "@lingui/react/macro";
import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import classes from "./layout.module.css";

/** Search from anywhere; the page it leads to has the facets. */
export function SearchField() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  return (
    <form
      role="search"
      className={classes.search}
      onSubmit={(event) => {
        event.preventDefault();
        void navigate({ to: "/search", search: { search: text.trim() || undefined } as never });
      }}
    >
      <TextInput
        type="search"
        aria-label={t`Search the auctions`}
        placeholder={t`Search the auctions`}
        leftSection={<IconSearch size={18} aria-hidden />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </form>
  );
}
