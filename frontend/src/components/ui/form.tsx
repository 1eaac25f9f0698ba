import { useLingui } from "@lingui/react/macro";
import { Alert, Button, type ButtonProps } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { type ReactNode, useCallback, useEffect, useRef } from "react";
import type { FieldPath, FieldValues, UseFormSetError } from "react-hook-form";
import { ApiError, NetworkError } from "@/api/errors";

/** The sentence of an error in the reader's language where we have one, else the server's own. */
export function useSentence(): (error: unknown) => string {
  const { t } = useLingui();
  return useCallback(
    (error: unknown) => {
      if (error instanceof NetworkError) {
        return t`The house cannot be reached. What you typed is still here; try again.`;
      }
      if (error instanceof ApiError && error.status === 429) {
        const seconds = error.retryAfterSeconds ?? 60;
        return t`Too many tries. Wait ${seconds} seconds, then try again.`;
      }
      if (error instanceof ApiError && error.status >= 500) {
        return t`Something went wrong on our side. Try again in a moment.`;
      }
      return error instanceof Error ? error.message : String(error);
    },
    [t],
  );
}

/** Put a refusal beside the field it is about; returns false if it is about none of `fields`. */
export function refuseField<Values extends FieldValues>(
  error: unknown,
  setError: UseFormSetError<Values>,
  fields: readonly FieldPath<Values>[],
): boolean {
  if (!(error instanceof ApiError)) return false;
  const [only, ...more] = error.fields;
  const field = fields.find((name) => name === only);
  if (field === undefined || more.length > 0) return false;
  setError(field, { type: "server", message: error.message }, { shouldFocus: true });
  return true;
}

/** What is wrong with a form as a whole; takes the focus, so that nobody misses it. */
export function FormAlert({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const isSaid = Boolean(children);
  useEffect(() => {
    if (isSaid) box.current?.focus();
  }, [isSaid]);
  if (!isSaid) return null;
  return (
    <Alert
      ref={box}
      tabIndex={-1}
      role="alert"
      color="red"
      variant="outline"
      icon={<IconAlertCircle aria-hidden />}
      styles={{ message: { color: "var(--mantine-color-text)" } }}
    >
      {children}
    </Alert>
  );
}

/** The form's one button; cannot be pressed twice. */
export function SubmitButton(props: ButtonProps & { busy: boolean; children: ReactNode }) {
  const { busy, children, ...rest } = props;
  return (
    <Button type="submit" mih={44} loading={busy} aria-busy={busy} {...rest}>
      {children}
    </Button>
  );
}
