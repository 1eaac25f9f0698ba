import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { lingui } from "@lingui/vite-plugin";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

const STYLED = /@mantine\/core\/esm\/.*\/(\w+)\.module\.mjs$/;

/** Everything the start of the app needs at once, as one file instead of forty small ones. */
function startGroup() {
  const needed = new Set<string>();
  const visit = (id: string, modules: Modules) => {
    // Of a library of components only those named below: its index imports them all.
    if (needed.has(id) || (LIBRARY.test(id) && !ALWAYS.test(id))) return;
    needed.add(id);
    for (const next of modules.getModuleInfo(id)?.importedIds ?? []) visit(next, modules);
  };
  return (id: string, modules: Modules) => {
    if (needed.size === 0) visit(ENTRY, modules);
    return needed.has(id) || ALWAYS.test(id) ? "start" : null;
  };
}

/** What waits for the first view, and what fetches the rest. */
const FIRST = /\/src\/main\.tsx$|vite\/preload-helper|rolldown\/runtime/;
/** Each component of the library brings its own styles, and none comes with the others'. */
const ownStyles: Plugin = {
  name: "own-styles",
  apply: "build", // while developing, src/app/start.tsx takes them all
  transform: {
    filter: { id: STYLED },
    handler: (code, id) =>
      `import "@mantine/core/styles/${STYLED.exec(id)?.[1]}.layer.css";\n${code}`,
  },
};

/** The worker knows its build: with a new one it is a new worker, with files of its own. */
const workerOfBuild: Plugin = {
  name: "worker-of-build",
  apply: "build",
  async writeBundle({ dir }, bundle) {
    const build = createHash("sha256").update(Object.keys(bundle).sort().join()).digest("hex");
    const worker = await readFile(`${dir}/sw.js`, "utf8");
    await writeFile(`${dir}/sw.js`, worker.replace("BUILD", build.slice(0, 12)));
  },
};

const LIBRARY = /@mantine\/core|@tabler\/icons/;
const ALWAYS =
  /@mantine\/core\/esm\/(core|components\/(Avatar|Button|Center|Container|Group|Indicator|Input|InputBase|Loader|Paper|Skeleton|Stack|Text|TextInput|Title|Transition|UnstyledButton))\//;
const ENTRY = fileURLToPath(new URL("src/app/start.tsx", import.meta.url));
const HOUSE = process.env["HOUSE"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [
    tanstackRouter({
      routesDirectory: "src/app/routes",
      generatedRouteTree: "src/app/routes.gen.ts",
      autoCodeSplitting: true,
      quoteStyle: "double",
    }),
    lingui({ macroTransform: true }),
    react(),
    ownStyles,
    workerOfBuild,
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  // The house replaces the placeholder with a fresh nonce in every page.
  html: { cspNonce: "CSP_NONCE" },
  build: {
    target: "es2023",
    assetsInlineLimit: 0, // the pages' policy allows no data: fonts or scripts
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
    manifest: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "first", test: FIRST, priority: 2 },
            { name: startGroup(), debugName: "start", priority: 1, minSize: 10_000 },
          ],
        },
      },
    },
  },
  server: {
    // The house takes its cookie and its sockets from pages of its own address alone.
    proxy: {
      "/api": { target: HOUSE, changeOrigin: false },
      "/media": { target: HOUSE, changeOrigin: false },
      "/static": { target: HOUSE, changeOrigin: false },
      "/ws": { target: HOUSE.replace("http", "ws"), ws: true, changeOrigin: false },
    },
  },
});
