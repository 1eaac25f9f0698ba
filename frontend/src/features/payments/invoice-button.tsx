import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useSentence } from "@/components/ui/form";
import { complain } from "@/components/ui/toast";
import { useAct } from "@/lib/act";
import { api } from "@/services/session";

/** Download an invoice as PDF. */
export function InvoiceButton({ id, number }: { id: number; number: string }) {
  const sentence = useSentence();
  const download = useAct({
    mutationFn: () => api.getInvoicePdf(id),
    onSuccess: (pdf) => keep(pdf, `${number}.pdf`),
    onError: (error) => complain(sentence(error)),
  });
  return (
    <Button
      variant="default"
      mih={44}
      leftSection={<IconDownload size={18} aria-hidden />}
      loading={download.isPending}
      onClick={() => download.mutate()}
    >
      <Trans>PDF {number}</Trans>
    </Button>
  );
}

const KEPT_MS = 60_000;

/** Hand bytes to the browser as a download. The address stays a while: it may still be reading. */
export function keep(bytes: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
