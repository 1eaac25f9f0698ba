import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { APIClient } from "../src/api/client";

const PROGRAM =
  process.env["BIDBAZAAR"] ?? resolve(import.meta.dirname, "../../.venv/bin/bidbazaar");
const OPEN_SECONDS_MAX = 120; // with a demo market to load, on a busy machine
const PASSWORD = "a sentence is a good password";
export const DEMO_PASSWORD = "bidbazaar-demo";

/** A house of its own: process, database, address. */
export class House {
  private process: ChildProcess | null = null;

  private constructor(
    readonly url: string,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly folder: string,
  ) {}

  /** Open a house; with `demo` it has accounts and goods, with `environment` other settings. */
  static async open(options: { demo: boolean; environment?: NodeJS.ProcessEnv }): Promise<House> {
    const [port, folder] = await Promise.all([freePort(), mkdtemp(join(tmpdir(), "house-"))]);
    const environment = {
      ...process.env,
      DATABASE_URL: undefined,
      REDIS_URL: undefined,
      DATA_DIR: folder,
      PORT: String(port),
      DEMO: options.demo ? "on" : "off",
      RATE_LIMITS: "off",
      SITE_URL: `http://localhost:${port}`,
      ...options.environment,
    };
    const house = new House(`http://localhost:${port}`, environment, folder);
    await house.start();
    return house;
  }

  async start(): Promise<void> {
    this.process = spawn(PROGRAM, ["serve"], { env: this.environment, stdio: "ignore" });
    const end = Date.now() + OPEN_SECONDS_MAX * 1000;
    while (Date.now() < end) {
      const ready = await fetch(`${this.url}/readyz`).catch(() => null);
      if (ready?.ok) return;
      await new Promise((go) => setTimeout(go, 200));
    }
    throw new Error("the house did not open");
  }

  /** Like a power cut. */
  async kill(): Promise<void> {
    const gone = new Promise((go) => this.process?.once("exit", go));
    this.process?.kill("SIGKILL");
    await gone;
    this.process = null;
  }

  async close(): Promise<void> {
    if (this.process) await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Run the house's program to its end; raises unless it succeeds. */
  async run(...command: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(PROGRAM, command, { env: this.environment });
    return stdout;
  }

  /** A new account, logged in. */
  async account(username: string): Promise<APIClient> {
    const client = new APIClient({ baseUrl: this.url });
    await client.register({ username, email: `${username}@example.org`, password: PASSWORD });
    return client;
  }

  /** An account of the demo market. */
  async demo(username: string): Promise<APIClient> {
    const client = new APIClient({ baseUrl: this.url });
    await client.login(username, DEMO_PASSWORD);
    return client;
  }

  /** Log a page in. */
  async logIn(page: import("@playwright/test").Page, username: string, password = PASSWORD) {
    await page.goto(`${this.url}/login`);
    await page.getByLabel("User name").fill(username);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("main").getByRole("button", { name: "Log in", exact: true }).click();
    await page.getByRole("button", { name: `Account of ${username}` }).waitFor();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((go) => server.listen(0, "127.0.0.1", go));
  const address = server.address();
  await new Promise((go) => server.close(go));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
