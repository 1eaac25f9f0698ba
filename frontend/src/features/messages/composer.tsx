import { Trans, useLingui } from "@lingui/react/macro";
import { Button, FileButton, Group, Pill, Stack, Text, Textarea } from "@mantine/core";
import { IconPhotoPlus, IconSend } from "@tabler/icons-react";
import { type FormEvent, type KeyboardEvent, useRef, useState } from "react";
import { FormAlert, useSentence } from "@/components/ui/form";
import { useSend } from "./use-send";

const LENGTH_MAX = 4000;
const PICTURES = "image/jpeg,image/png,image/webp,image/avif,image/heic";

interface Props {
  recipient: number | string;
  recipientName: string;
  auctionId: number | null;
  onSent?: (conversationId: number) => void;
}

/** Where a message is written. What was written stays until it has arrived. */
export function Composer({ recipient, recipientName, auctionId, onSent }: Props) {
  const { t } = useLingui();
  const sentence = useSentence();
  const send = useSend();
  const [body, setBody] = useState("");
  const [images, setImages] = useState<File[]>([]);
  const box = useRef<HTMLTextAreaElement>(null);
  const isEmpty = body.trim() === "";

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (isEmpty || send.isPending) return;
    send.mutate(
      { recipient, body, auctionId, images },
      {
        onSuccess: (message) => {
          setBody("");
          setImages([]);
          box.current?.focus();
          onSent?.(message.conversation_id);
        },
      },
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
  };

  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <FormAlert>{send.error && sentence(send.error)}</FormAlert>
        <Textarea
          ref={box}
          label={t`Your message to ${recipientName}`}
          autosize
          minRows={2}
          maxRows={10}
          size="md"
          maxLength={LENGTH_MAX}
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <Chosen images={images} onRemove={(gone) => setImages(images.filter((i) => i !== gone))} />
        <Group justify="space-between">
          <FileButton
            accept={PICTURES}
            multiple
            onChange={(more) => setImages([...images, ...more])}
          >
            {(props) => (
              <Button
                {...props}
                variant="default"
                mih={44}
                leftSection={<IconPhotoPlus size={18} aria-hidden />}
              >
                <Trans>Add pictures</Trans>
              </Button>
            )}
          </FileButton>
          <Text size="sm" c="dimmed" visibleFrom="sm">
            <Trans>Ctrl + Enter sends</Trans>
          </Text>
          <Button
            type="submit"
            mih={44}
            disabled={isEmpty}
            loading={send.isPending}
            leftSection={<IconSend size={18} aria-hidden />}
          >
            <Trans>Send</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Chosen({ images, onRemove }: { images: File[]; onRemove: (image: File) => void }) {
  const { t } = useLingui();
  if (images.length === 0) return null;
  return (
    <Pill.Group>
      {images.map((image) => (
        <Pill
          key={`${image.name}/${image.lastModified}`}
          size="lg"
          withRemoveButton
          onRemove={() => onRemove(image)}
          removeButtonProps={{
            "aria-label": t`Remove ${image.name}`,
            tabIndex: 0,
            "aria-hidden": false,
          }}
        >
          {image.name}
        </Pill>
      ))}
    </Pill.Group>
  );
}
