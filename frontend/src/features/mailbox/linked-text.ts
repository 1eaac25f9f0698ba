export interface Piece {
  text: string;
  /** A path of this site, where the piece is an address of it. */
  path: string | null;
}

/** A mail's text in pieces, the addresses of this site apart; all others stay mere text. */
export function piecesOf(text: string, origin: string): Piece[] {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .filter((piece) => piece !== "")
    .map((piece) => ({ text: piece, path: pathOf(piece, origin) }));
}

/** Mails name the house by its own address; a demo may be looked at under another one. */
function pathOf(piece: string, origin: string): string | null {
  if (!/^https?:\/\//.test(piece)) return null;
  try {
    const address = new URL(piece);
    const here = new URL(origin);
    const isLocal = /^(localhost|127\.0\.0\.1)$/.test(address.hostname);
    if (address.host !== here.host && !isLocal) return null;
    return address.pathname + address.search + address.hash;
  } catch {
    return null;
  }
}
