import classes from "./settings.module.css";

/** The lines of the house's QR code, and how wide it is; null if it is none. */
export function readQr(svg: string): { lines: string; size: number } | null {
  const lines = / d="([\d\s.,a-zA-Z-]+)"/.exec(svg)?.[1];
  const width = Number(/<svg[^>]* width="([\d.]+)"/.exec(svg)?.[1]);
  const scale = Number(/ transform="scale\(([\d.]+)\)"/.exec(svg)?.[1] ?? 1);
  if (lines === undefined || !(width > 0) || !(scale > 0)) return null;
  return { lines, size: width / scale };
}

/** A QR code, drawn anew: nothing of the answer becomes part of the page but its lines. */
export function QrCode({ svg, label }: { svg: string; label: string }) {
  const code = readQr(svg);
  if (code === null) return null;
  return (
    <svg
      className={classes.qr}
      viewBox={`0 0 ${code.size} ${code.size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <path d={code.lines} stroke="#000" fill="none" />
    </svg>
  );
}
