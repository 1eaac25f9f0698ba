import { Endpoints } from "./endpoints.gen";
import { ApiError } from "./errors";
import type { operations } from "./schema.gen";
import {
  type Body,
  type CallOptions,
  type Query,
  type Reply,
  type TokenSource,
  Transport,
} from "./transport";

export type Tokens = Reply<operations["logIn"]>;
export type RegisterData = Body<operations["registerUser"]>;
export type AuctionFilters = NonNullable<Query<operations["listAuctions"]>>;
export type PaymentData = Body<operations["createPayment"]>;
export type NewAuction = Body<operations["createAuction"]>;

export interface ClientOptions {
  /** Where the house is; "" for the page's own. */
  baseUrl?: string;
  fetch?: typeof fetch;
  /** Keep the refresh token in an HttpOnly cookie of the house; for pages of its own origin. */
  cookies?: boolean;
  /** Runs what must not run at the same time in two places that share the cookie. */
  oneByOne?: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Everything the house answers over HTTP: a method per operation. Raises ApiError, NetworkError. */
export class APIClient extends Endpoints {
  protected readonly transport: Transport;
  /** Where the house is, without a last slash; "" for the page's own. */
  readonly baseUrl: string;
  /** Called whenever the tokens change; null once there are none. */
  onTokens: ((access: string | null) => void) | null = null;
  private access: string | null = null;
  private refresh: string | null = null;
  private readonly cookies: boolean;
  private readonly oneByOne: NonNullable<ClientOptions["oneByOne"]>;

  constructor({
    baseUrl = "",
    fetch: fetcher,
    cookies = false,
    oneByOne = (work) => work(),
  }: ClientOptions = {}) {
    super();
    this.baseUrl = baseUrl.replace(/\/$/, "");
    this.cookies = cookies;
    this.oneByOne = oneByOne;
    const tokens: TokenSource = {
      accessToken: () => this.access,
      renew: () => this.refreshToken().then((renewed) => renewed !== null),
    };
    this.transport = new Transport(this.baseUrl, tokens, fetcher);
    this.transport.onDate = (date) => this.onServerDate?.(date);
  }

  /** Called with the `Date` of every answer. */
  onServerDate: ((date: string) => void) | null = null;

  /** The access token in use, for sockets; null for nobody. */
  get accessToken(): string | null {
    return this.access;
  }

  /** Log in. An account with a second factor raises ApiError `second_factor_required` with a `challenge`. */
  async login(username: string, password: string): Promise<Tokens> {
    return this.keep(await this.open("/api/auth/token/", { username, password }));
  }

  /** Turn the challenge of a second factor into a session. */
  async loginWithCode(challenge: string, code: string): Promise<Tokens> {
    return this.keep(await this.open("/api/auth/second-factor/", { challenge, code }));
  }

  /** Log in with what a passkey signed; the options come from `beginPasskeyLogIn`. */
  async loginWithPasskey(credential: object): Promise<Tokens> {
    return this.keep(await this.open("/api/auth/passkeys/login/", credential));
  }

  /** Make an account and log in. */
  async register(data: RegisterData): Promise<Reply<operations["registerUser"]>> {
    const answer = await this.open<Reply<operations["registerUser"]>>("/api/users/register/", data);
    this.keep(answer);
    return answer;
  }

  /** Take new tokens; null when the session is over. Raises when it is not known. */
  async refreshToken(): Promise<Tokens | null> {
    if (!this.cookies && this.refresh === null) return null;
    try {
      const body = this.cookies ? {} : { refresh: this.refresh };
      return await this.oneByOne(async () =>
        this.keep(await this.open("/api/auth/token/refresh/", body)),
      );
    } catch (error) {
      // A house that is busy or being restarted has not ended the session.
      if (!(error instanceof ApiError) || error.status >= 500 || error.status === 429) throw error;
      this.forgetSession();
      return null;
    }
  }

  /** End the session, here and on the server. */
  async logout(): Promise<void> {
    try {
      const body = this.refresh === null ? {} : { refresh: this.refresh };
      await this.transport.send({
        method: "POST",
        path: "/api/auth/logout/",
        body,
        headers: this.cookieHeaders(),
      });
    } finally {
      this.forgetSession();
    }
  }

  /** Be nobody from now on, without telling the server. */
  forgetSession(): void {
    this.access = null;
    this.refresh = null;
    this.onTokens?.(null);
  }

  /** Who is logged in. */
  getCurrentUser(options?: CallOptions): Promise<Reply<operations["getMe"]>> {
    return this.transport.send({ method: "GET", path: "/api/users/me/", ...options });
  }

  /** A page of auctions. */
  getAuctions(
    query?: AuctionFilters,
    options?: CallOptions,
  ): Promise<Reply<operations["listAuctions"]>> {
    return this.transport.send({ method: "GET", path: "/api/auctions/", query, ...options });
  }

  /** One auction, with its pictures and newest bids. */
  getAuction(id: number, options?: CallOptions): Promise<Reply<operations["getAuction"]>> {
    return this.transport.send({ method: "GET", path: `/api/auctions/${id}/`, ...options });
  }

  /** Make a listing; a draft until `activateAuction`, unless it has a start. */
  createAuction(
    data: NewAuction,
    options?: CallOptions,
  ): Promise<Reply<operations["createAuction"]>> {
    return this.transport.send({ method: "POST", path: "/api/auctions/", body: data, ...options });
  }

  /** Bid `amount`, in major units. With the same `idempotencyKey` it counts once, however often sent. */
  placeBid(
    auctionId: number,
    amount: number | string,
    options?: CallOptions,
  ): Promise<Reply<operations["placeBid"]>> {
    const body = { auction_id: auctionId, amount };
    return this.transport.send({ method: "POST", path: "/api/bids/", body, ...options });
  }

  /** Begin to pay for a won auction. */
  createPayment(
    data: PaymentData,
    options?: CallOptions,
  ): Promise<Reply<operations["createPayment"]>> {
    return this.transport.send({ method: "POST", path: "/api/payments/", body: data, ...options });
  }

  /** The bytes of an invoice. */
  async getInvoicePdf(id: number): Promise<Blob> {
    const path = `/api/invoices/${id}/`;
    const answer = await this.transport.raw({ method: "GET", path, accept: "application/pdf" });
    return answer.blob();
  }

  /** As `removeTotp`, with the proof it asks for: OpenAPI knows no body of a DELETE. */
  removeTotpBy(proof: { code: string } | { password: string }): Promise<void> {
    return this.transport.send({ method: "DELETE", path: "/api/auth/totp/", body: proof });
  }

  /** As `deleteMe`, with the proof it asks for; the session is over with it. */
  async deleteMeBy(proof: { code: string } | { password: string }): Promise<void> {
    await this.transport.send({ method: "DELETE", path: "/api/users/me/", body: proof });
    this.forgetSession();
  }

  /** As `removePasskey`, with the password it asks for some time after the login. */
  removePasskeyBy(id: number, password: string | null): Promise<void> {
    const path = `/api/auth/passkeys/${id}/`;
    return this.transport.send({ method: "DELETE", path, body: { password } });
  }

  private open<T = Tokens>(path: string, body: object): Promise<T> {
    const headers = this.cookieHeaders();
    return this.transport.send({ method: "POST", path, body, headers, anonymous: true });
  }

  private cookieHeaders(): Record<string, string> {
    return this.cookies ? { "x-refresh-cookie": "1" } : {};
  }

  private keep<T extends { access: string; refresh: string }>(tokens: T): T {
    this.access = tokens.access;
    this.refresh = this.cookies ? null : tokens.refresh;
    this.onTokens?.(this.access);
    return tokens;
  }
}
