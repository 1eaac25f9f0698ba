import { zodResolver } from "@hookform/resolvers/zod";
import { Trans, useLingui } from "@lingui/react/macro";
import { Group, NativeSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useForm } from "react-hook-form";
import { FormAlert, refuseField, SubmitButton, useSentence } from "@/components/ui/form";
import { say } from "@/components/ui/toast";
import { keys } from "@/lib/query";
import { z } from "@/lib/rules";
import { api } from "@/services/session";
import type { Profile } from "./profile-tab";

const FIELDS = ["full_name", "bio", "location", "timezone", "language"] as const;
const LANGUAGES = ["en", "de", "ar"];
const BIO_MAX = 2000;
const LOCATION_MAX = 120;

type Fields = Pick<Profile, (typeof FIELDS)[number]>;

/** Name, words, place, and the zone and language of mails. */
export function ProfileForm({ profile }: { profile: Profile }) {
  const { t, i18n } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const [refusal, setRefusal] = useState<string | null>(null);
  const rules = z.object({
    full_name: z.string().trim().max(200, t`This name is too long`),
    bio: z.string().max(BIO_MAX, t`At most ${BIO_MAX} characters`),
    location: z.string().max(LOCATION_MAX, t`At most ${LOCATION_MAX} characters`),
    timezone: z.string(),
    language: z.string(),
  });
  const form = useForm<Fields>({
    resolver: zodResolver(rules),
    values: {
      full_name: profile.full_name,
      bio: profile.bio,
      location: profile.location,
      timezone: profile.timezone,
      language: profile.language,
    },
    resetOptions: { keepDirtyValues: true },
  });
  const { register, handleSubmit, formState, setError, reset } = form;
  const { errors } = formState;
  const zones = useMemo(
    () => [...new Set([profile.timezone, "UTC", ...Intl.supportedValuesOf("timeZone")])],
    [profile.timezone],
  );
  const names = new Intl.DisplayNames(i18n.locale, { type: "language" });
  const languages = [...new Set([profile.language, ...LANGUAGES])].map((value) => ({
    value,
    label: names.of(value) ?? value,
  }));

  const submit = handleSubmit(async (data) => {
    setRefusal(null);
    try {
      const saved = await api.patchProfile(data);
      reset(data);
      client.setQueryData(keys.security("profile"), saved);
      void client.invalidateQueries({ queryKey: keys.me });
      say(t`Your profile is saved.`);
    } catch (error) {
      if (!refuseField(error, setError, FIELDS)) setRefusal(sentence(error));
    }
  });

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <FormAlert>{refusal}</FormAlert>
        <TextInput
          label={t`Full name`}
          autoComplete="name"
          error={errors.full_name?.message}
          {...register("full_name")}
        />
        <Textarea
          label={t`A few words about you`}
          autosize
          minRows={3}
          maxRows={12}
          error={errors.bio?.message}
          {...register("bio")}
        />
        <TextInput
          label={t`Place`}
          description={t`A town is enough; buyers like to know where things come from.`}
          error={errors.location?.message}
          {...register("location")}
        />
        <Group grow preventGrowOverflow={false} align="start">
          <NativeSelect
            label={t`Time zone`}
            data={zones}
            error={errors.timezone?.message}
            {...register("timezone")}
          />
          <NativeSelect
            label={t`Language of your profile`}
            data={languages}
            error={errors.language?.message}
            {...register("language")}
          />
        </Group>
        <SubmitButton busy={formState.isSubmitting} style={{ alignSelf: "flex-start" }}>
          <Trans>Save</Trans>
        </SubmitButton>
      </Stack>
    </form>
  );
}
