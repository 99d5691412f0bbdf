// A browser's way of uploading, with the real client: stops in the middle once, goes on, and says where the upload is.
import { createRequire } from "node:module";

const [, , packages, url, token, roomId, size] = process.argv;
const { Upload } = createRequire(`${packages}/package.json`)("tus-js-client");
const content = Buffer.alloc(Number(size), "Atrium ");

function send(more) {
  return new Promise((resolve, reject) => {
    const upload = new Upload(content, {
      endpoint: `${url}/api/v1/uploads`,
      headers: { Authorization: `Bearer ${token}` },
      metadata: { room_id: roomId, filename: "Ofertă.txt", audience: "all" },
      retryDelays: [0, 100, 200],
      onSuccess: () => resolve(upload.url),
      onError: reject,
      ...more(() => upload, resolve),
    });
    upload.start();
  });
}

const begun = await send((upload, resolve) => ({
  chunkSize: 1024 * 1024,
  onChunkComplete: async () => {
    await upload().abort();
    resolve(upload().url);
  },
}));
const done = await send(() => ({ uploadUrl: begun }));
process.stdout.write(JSON.stringify({ begun, done }));
