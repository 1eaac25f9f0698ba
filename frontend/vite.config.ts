import { fileURLToPath } from "node:url";
import { lingui } from "@lingui/vite-plugin";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

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

const LIBRARY = /@mantine\/core|@tabler\/icons/;
const ALWAYS =
  /@mantine\/core\/esm\/(core|components\/(Avatar|Button|Center|Container|Group|Indicator|Input|InputBase|Loader|Paper|Skeleton|Stack|Text|TextInput|Title|Transition|UnstyledButton))\//;
const ENTRY = fileURLToPath(new URL("src/main.tsx", import.meta.url));
const HOUSE = process.env["HOUSE"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [
    tanstackRouter({
      routesDirectory: "src/app/routes",
      generatedRouteTree: "src/app/routes.gen.ts",
      autoCodeSplitting: true,
      quoteStyle: "double",
    }),
    // English stands in the code: it comes with the part that needs it and is no file of its own.
    lingui({ macroTransform: { macro: { descriptorFields: "all" } } } as object),
    react(),
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
      output: { codeSplitting: { groups: [{ name: startGroup() }], minSize: 10_000 } },
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
