import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconInfoCircle,
  type TablerIcon,
} from "@tabler/icons-react";
import classes from "./bidding.module.css";
import type { Tone } from "./standing";
import { useStandingWords } from "./standing-words";
import type { Room } from "./use-room";

const ICONS: Record<Tone, TablerIcon> = {
  neutral: IconInfoCircle,
  good: IconCircleCheck,
  warning: IconAlertTriangle,
  bad: IconCircleX,
};

/** Where one stands: icon, word, sentence. Read out whenever it changes. */
export function StandingBanner({ room }: { room: Room }) {
  const words = useStandingWords(room);
  const { tone } = room.standing;
  const Icon = ICONS[tone];
  return (
    <div role="status" data-standing={room.standing.kind}>
      {words && (
        <div className={classes.banner} data-tone={tone}>
          <Icon size={22} aria-hidden className={classes.icon} />
          <div>
            <strong>{words.word}</strong>
            <div>{words.sentence}</div>
          </div>
        </div>
      )}
    </div>
  );
}
