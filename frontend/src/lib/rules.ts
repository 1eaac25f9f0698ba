import { z } from "zod";

// The page's policy allows no code made of text; without this zod tries whether it can.
z.config({ jitless: true });

export { z };
