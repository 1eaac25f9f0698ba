import { useLingui } from "@lingui/react/macro";
import { countdown, instant } from "@/lib/time";
import { clock } from "@/services/clock";
import { useTicking } from "./ticking";

/** Whole seconds until an instant by the server's clock; negative once it is past. */
export function secondsUntil(iso: string): number {
  return Math.ceil((new Date(iso).getTime() - clock.now()) / 1000);
}

/** How long until an instant, counting by itself. `over` is what it says when none is left. */
export function TimeLeft({ until, over }: { until: string; over: string }) {
  const { t, i18n } = useLingui();
  const words = {
    day: t({ message: "d", comment: "days, in a countdown: 2 d 4 h" }),
    hour: t({ message: "h", comment: "hours, in a countdown: 2 d 4 h" }),
  };
  const unit = t({ message: "s", comment: "seconds, in a countdown: 42 s" });
  const text = useTicking(() => {
    const left = secondsUntil(until);
    if (left <= 0) return over;
    return left < 60 ? `${left} ${unit}` : countdown(left, words);
  });
  return (
    <time className="clock" dateTime={until} title={instant(until, i18n.locale)}>
      {text}
    </time>
  );
}
