import { useLingui } from "@lingui/react/macro";
import { PasswordInput, type PasswordInputProps } from "@mantine/core";

/** A password, with the eye beside it within reach of the keyboard too. */
export function PasswordField(props: PasswordInputProps) {
  const { t } = useLingui();
  return (
    <PasswordInput
      size="md"
      visibilityToggleButtonProps={{ "aria-label": t`Show or hide the password`, tabIndex: 0 }}
      {...props}
    />
  );
}
