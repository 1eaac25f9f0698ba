import { useLingui } from "@lingui/react/macro";
import { Checkbox } from "@mantine/core";
import { useState } from "react";
import { feel, isFelt, setFelt } from "./felt";
import { useRoomMessages } from "./use-web-socket";

/** Sound and vibration when one is outbid; off until asked for, kept in this browser. */
export function FeltToggle({ auctionId }: { auctionId: number }) {
  const { t } = useLingui();
  const [on, setOn] = useState(isFelt);
  useRoomMessages(auctionId, (message) => {
    if (on && message.type === "user_outbid") feel();
  });
  return (
    <Checkbox
      label={t`Sound and vibration when I am outbid`}
      checked={on}
      mih={28}
      onChange={({ currentTarget: { checked } }) => {
        setFelt(checked);
        setOn(checked);
        if (checked) feel(); // so that one knows what to listen for
      }}
    />
  );
}
