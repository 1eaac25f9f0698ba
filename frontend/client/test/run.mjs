// Packs the package, installs it alone in an empty folder and plays with it against a house: the
// one at $HOUSE, else one of its own with the demo's data.
import { execFileSync, spawn } from "node:child_process";
import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const CLIENT = resolve(HERE, "..");
const WEB = resolve(CLIENT, "..");
const BOOT_SECONDS = 120;

const folder = await mkdtemp(join(tmpdir(), "bidbazaar-client-"));
let house = null;
try {
  await install();
  const address = process.env.HOUSE ?? (await openHouse());
  const env = { ...process.env, HOUSE: address, FRONTEND: WEB };
  const tests = (await readdir(HERE)).filter((name) => name.endsWith(".test.mjs"));
  const asked = process.argv.slice(2);
  const chosen = tests.filter(
    (name) => asked.length === 0 || asked.some((part) => name.includes(part)),
  );
  const report = process.env.REPORT; // a file for a runner that counts
  const reporters = report
    ? ["spec", "junit"].flatMap((name, each) => [
        `--test-reporter=${name}`,
        `--test-reporter-destination=${each === 0 ? "stdout" : report}`,
      ])
    : [];
  const files = chosen.map((name) => join(folder, name));
  const command = ["--test", "--test-concurrency=1", ...reporters, ...files];
  execFileSync(process.execPath, command, { cwd: folder, env, stdio: "inherit" });
} catch (error) {
  if (typeof error.status !== "number") throw error;
  process.exitCode = error.status;
} finally {
  if (house) process.kill(-house.pid, "SIGTERM");
  await rm(folder, { recursive: true, force: true });
}

async function install() {
  const npm = (...command) =>
    execFileSync("npm", command, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  npm("pack", CLIENT, "--silent");
  const [tarball] = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
  await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  npm("install", "--offline", "--no-audit", "--no-fund", "--omit=peer", `./${tarball}`);
  for (const name of await readdir(HERE)) {
    if (name !== "run.mjs") await cp(join(HERE, name), join(folder, name), { recursive: true });
  }
}

async function openHouse() {
  const port = await freePort();
  const program = process.env.BIDBAZAAR ?? resolve(WEB, "../.venv/bin/bidbazaar");
  const env = { ...process.env, PORT: String(port), DATA_DIR: join(folder, "house") };
  house = spawn(program, ["serve"], { env, stdio: "ignore", detached: true });
  const address = `http://127.0.0.1:${port}`;
  for (let second = 0; second < BOOT_SECONDS; second++) {
    const answer = await fetch(`${address}/readyz/`).catch(() => null);
    if (answer?.ok) return address;
    await new Promise((wake) => setTimeout(wake, 1000));
  }
  throw new Error(`The house did not open within ${BOOT_SECONDS} seconds`);
}

function freePort() {
  return new Promise((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}
