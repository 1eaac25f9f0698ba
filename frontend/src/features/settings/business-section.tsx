import { zodResolver } from "@hookform/resolvers/zod";
import { Trans, useLingui } from "@lingui/react/macro";
import { Skeleton, Stack, Textarea, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { ApiError } from "@/api/errors";
import { FormAlert, refuseField, SubmitButton, useSentence } from "@/components/ui/form";
import { PageError } from "@/components/ui/page-states";
import { Section } from "@/components/ui/section";
import { say } from "@/components/ui/toast";
import { keys } from "@/lib/query";
import { z } from "@/lib/rules";
import { api } from "@/services/session";

type Business = Awaited<ReturnType<typeof api.getBusiness>>;
const FIELDS = ["company_name", "tax_id", "address", "website"] as const;
const NONE: Business = { company_name: "", tax_id: "", address: "", website: "" };

async function businessOrNone(): Promise<Business> {
  try {
    return await api.getBusiness();
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return NONE;
    throw error;
  }
}

/** The company behind an account; it stands on invoices. */
export function BusinessSection() {
  const { t } = useLingui();
  const business = useQuery({ queryKey: keys.security("business"), queryFn: businessOrNone });
  return (
    <Section title={t`Company`} about={t`Only if you sell as one; it stands on your invoices.`}>
      {business.isError && (
        <PageError error={business.error} reset={() => void business.refetch()} />
      )}
      {business.isPending && <Skeleton height={320} />}
      {business.data && <BusinessForm business={business.data} />}
    </Section>
  );
}

function BusinessForm({ business }: { business: Business }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const [refusal, setRefusal] = useState<string | null>(null);
  const rules = z.object({
    company_name: z
      .string()
      .trim()
      .min(1, t`Enter the company's name`)
      .max(200, t`This name is too long`),
    tax_id: z.string().trim().max(64, t`This number is too long`),
    address: z.string().trim().max(1000, t`This address is too long`),
    website: z
      .string()
      .trim()
      .max(300, t`This address is too long`)
      .regex(/^(https?:\/\/\S+)?$/, t`Begin with https://`),
  });
  const { register, handleSubmit, formState, setError } = useForm<Business>({
    resolver: zodResolver(rules),
    values: business,
  });
  const { errors } = formState;
  const submit = handleSubmit(async (data) => {
    setRefusal(null);
    try {
      client.setQueryData(keys.security("business"), await api.putBusiness(data));
      say(t`The company is saved.`);
    } catch (error) {
      if (!refuseField(error, setError, FIELDS)) setRefusal(sentence(error));
    }
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <FormAlert>{refusal}</FormAlert>
        <TextInput
          label={t`Name of the company`}
          autoComplete="organization"
          required
          error={errors.company_name?.message}
          {...register("company_name")}
        />
        <TextInput label={t`Tax number`} error={errors.tax_id?.message} {...register("tax_id")} />
        <Textarea
          label={t`Address`}
          autoComplete="street-address"
          autosize
          minRows={3}
          error={errors.address?.message}
          {...register("address")}
        />
        <TextInput
          label={t`Web site`}
          type="url"
          autoComplete="url"
          placeholder="https://"
          error={errors.website?.message}
          {...register("website")}
        />
        <SubmitButton busy={formState.isSubmitting} style={{ alignSelf: "flex-start" }}>
          <Trans>Save</Trans>
        </SubmitButton>
      </Stack>
    </form>
  );
}
