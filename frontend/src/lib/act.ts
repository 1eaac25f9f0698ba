import { useMutation } from "@tanstack/react-query";

/**
 * Something a person does. Offline it fails at once and says so; the library's own way is to wait
 * and to do it by surprise when the connection is back, which nobody wants of a payment.
 */
export const useAct: typeof useMutation = (options, client) =>
  useMutation({ networkMode: "always", ...options }, client);
