import { createTheme } from "@mantine/core";

/** Neutral surfaces, one accent; system fonts; a 4-px grid. */
export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 7, dark: 7 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  defaultRadius: "md",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  fontSizes: { xs: "0.75rem", sm: "0.875rem", md: "1rem", lg: "1.25rem", xl: "1.5rem" },
  headings: { fontWeight: "650" },
  respectReducedMotion: true,
  cursorType: "pointer",
});
