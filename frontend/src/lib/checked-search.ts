type Raw = Record<string, unknown>;

/**
 * A page's reading of its address. What `validate` leaves out is gone: the router by itself would
 * hand on, unchecked, every name that a validator does not return.
 */
export function checked<T extends object>(validate: (raw: Raw) => T): (raw: Raw) => T {
  return (raw) => ({
    ...Object.fromEntries(Object.keys(raw).map((name) => [name, undefined])),
    ...validate(raw),
  });
}
