// Builds the package from the app's own sources: dist/index.js, dist/react.js and their types.
import { execFileSync } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const CLIENT = dirname(fileURLToPath(import.meta.url));
const WEB = resolve(CLIENT, "..");
const DIST = join(CLIENT, "dist");
const TYPES = join(DIST, "types");
const run = (...command) => execFileSync(process.execPath, command, { cwd: WEB, stdio: "inherit" });

run("scripts/generate-api.mjs");
await rm(DIST, { recursive: true, force: true });
await build({
  configFile: false,
  root: CLIENT,
  logLevel: "warn",
  plugins: [sessionOfThePackage()],
  resolve: { alias: { "@": join(WEB, "src") } },
  build: {
    target: "es2023",
    minify: false,
    lib: {
      entry: { index: join(CLIENT, "src/index.ts"), react: join(CLIENT, "src/react.ts") },
      formats: ["es"],
    },
    rolldownOptions: { external: /^(react|react-dom|@tanstack\/react-query)(\/|$)/ },
  },
});
run("node_modules/typescript/bin/tsc", "-p", join(CLIENT, "tsconfig.json"));
await makeTypesPortable();
await mkdir(join(DIST, "licenses"));
await cp(join(WEB, "node_modules/partysocket/LICENSE.txt"), join(DIST, "licenses/partysocket.txt"));

/** The hooks' session is the user's choice here, where in the app it is the page's own. */
function sessionOfThePackage() {
  const apps = join(WEB, "src/services/session.ts");
  return {
    name: "session-of-the-package",
    enforce: "pre",
    async resolveId(source, importer) {
      if (!source.endsWith("/session")) return null;
      const found = await this.resolve(source, importer, { skipSelf: true });
      return found?.id === apps ? join(CLIENT, "src/session.ts") : null;
    },
  };
}

/** Types without aliases, and with the endings Node's resolution asks for. */
async function makeTypesPortable() {
  const names = await readdir(TYPES, { recursive: true });
  for (const name of names.filter((each) => each.endsWith(".d.ts"))) {
    const file = join(TYPES, name);
    const text = await readFile(file, "utf8");
    const portable = text.replace(/(from |import\()"([@.]+\/[^"]+)"/g, (_, before, source) => {
      const target = source.startsWith("@/")
        ? join(TYPES, "src", source.slice(2))
        : resolve(dirname(file), source);
      const path = relative(dirname(file), target).replaceAll("\\", "/");
      return `${before}"${path.startsWith(".") ? path : `./${path}`}.js"`;
    });
    await writeFile(file, portable);
  }
}
