import { ApiError, NetworkError } from "@/api/errors";
import { api } from "./session";

/**
 * Send a form with files, telling how much of it has gone (0 to 1). `fetch` cannot tell that, so
 * this is the one place that does without the client. Raises ApiError, NetworkError.
 */
export async function upload<Answer>(
  path: string,
  form: FormData,
  onProgress: (share: number) => void,
): Promise<Answer> {
  let answer = await send(path, form, onProgress);
  if (answer.status === 401 && (await api.refreshToken()) !== null) {
    answer = await send(path, form, onProgress);
  }
  if (!answer.ok) throw await ApiError.of(answer);
  return (await answer.json()) as Answer;
}

function send(
  path: string,
  form: FormData,
  onProgress: (share: number) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("accept", "application/json");
    if (api.accessToken) request.setRequestHeader("authorization", `Bearer ${api.accessToken}`);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => resolve(new Response(request.responseText, { status: request.status }));
    request.onerror = () => reject(new NetworkError("upload"));
    request.send(form);
  });
}
