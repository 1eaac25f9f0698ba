import { fileURLToPath } from "node:url";
import { lingui } from "@lingui/vite-plugin";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

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
