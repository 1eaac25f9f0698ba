import { Trans, useLingui } from "@lingui/react/macro";
import { Avatar, Button, FileButton, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FormAlert, useSentence } from "@/components/ui/form";
import { say } from "@/components/ui/toast";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import type { Profile } from "./profile-tab";

const PICTURES = "image/jpeg,image/png,image/webp,image/avif,image/heic";

/** One's picture: another one, or none. */
export function AvatarForm({ profile, username }: { profile: Profile; username: string }) {
  const { t } = useLingui();
  const sentence = useSentence();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: keys.security("profile") });
  const upload = useMutation({
    mutationFn: (file: File) => {
      const form = new FormData();
      form.set("avatar", file);
      return api.uploadAvatar(form);
    },
    onSuccess: async () => {
      await refresh();
      say(t`Your picture is changed.`);
    },
  });
  const remove = useMutation({ mutationFn: () => api.deleteAvatar(), onSuccess: refresh });
  const error = upload.error ?? remove.error;
  return (
    <Stack>
      <FormAlert>{error && sentence(error)}</FormAlert>
      <Group>
        <Avatar
          size={96}
          src={profile.avatar_thumbnails?.medium ?? null}
          name={username}
          color="indigo"
          variant="filled"
          alt={t`Your picture`}
        />
        <Stack gap="xs">
          <Group>
            <FileButton accept={PICTURES} onChange={(file) => file && upload.mutate(file)}>
              {(props) => (
                <Button {...props} variant="default" mih={44} loading={upload.isPending}>
                  <Trans>Choose a picture</Trans>
                </Button>
              )}
            </FileButton>
            {profile.avatar !== null && (
              <Button
                variant="subtle"
                color="red.8"
                c="var(--mantine-color-error)"
                mih={44}
                loading={remove.isPending}
                onClick={() => remove.mutate()}
              >
                <Trans>Remove it</Trans>
              </Button>
            )}
          </Group>
          <Text size="sm" c="dimmed">
            <Trans>JPEG, PNG, WebP, AVIF or HEIC. Where it was taken is not kept.</Trans>
          </Text>
        </Stack>
      </Group>
    </Stack>
  );
}
