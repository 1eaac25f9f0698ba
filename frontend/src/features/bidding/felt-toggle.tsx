import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import classes from "./bidding.module.css";
import { feel, isFelt, setFelt } from "./felt";
import { useRoomMessages } from "./use-web-socket";

/** Sound and vibration when one is outbid; off until asked for, kept in this browser. */
export function FeltToggle({ auctionId }: { auctionId: number }) {
  const [on, setOn] = useState(isFelt);
  useRoomMessages(auctionId, (message) => {
    if (on && message.type === "user_outbid") feel();
  });
  return (
    <label className={classes.felt}>
      <input
        type="checkbox"
        checked={on}
        onChange={({ currentTarget: { checked } }) => {
          setFelt(checked);
          setOn(checked);
          if (checked) feel(); // so that one knows what to listen for
        }}
      />
      <Trans>Sound and vibration when I am outbid</Trans>
    </label>
  );
}
