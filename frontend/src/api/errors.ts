/** A refusal: the server answered, and said why. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** HTTP status. */
    readonly status: number,
    /** What programs decide by, where the server names it: `bid_too_low`, `second_factor_required`. */
    readonly code: string | null,
    /** The sentence for people. */
    message: string,
    /** Names of the fields that are wrong. */
    readonly fields: readonly string[],
    /** Everything else the answer carries: `min_next_bid`, `challenge`. */
    readonly facts: Readonly<Record<string, unknown>>,
    /** Seconds to wait before another try, of `Retry-After`. */
    readonly retryAfterSeconds: number | null,
  ) {
    super(message);
  }

  /** Read the error an answer carries, whatever its shape. */
  static async of(answer: Response): Promise<ApiError> {
    const text = await answer.text().catch(() => "");
    let body: Record<string, unknown> = {};
    try {
      const parsed: unknown = JSON.parse(text);
      if (typeof parsed === "object" && parsed !== null) body = parsed as Record<string, unknown>;
    } catch {
      // Not JSON: a proxy's page. The status says what there is to say.
    }
    const { error, detail, message, code, fields, ...facts } = body;
    const sentence = [error, detail, message].find((said) => typeof said === "string");
    const wait = Number(answer.headers.get("retry-after"));
    return new ApiError(
      answer.status,
      typeof code === "string" ? code : null,
      (sentence as string | undefined) ?? `The server answered ${answer.status}`,
      Array.isArray(fields) ? fields.map(String) : [],
      facts,
      Number.isFinite(wait) && wait > 0 ? wait : null,
    );
  }
}

/** No answer: offline, a cut connection, a server that is being restarted. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";

  constructor(cause: unknown) {
    super("The server cannot be reached", { cause });
  }
}
