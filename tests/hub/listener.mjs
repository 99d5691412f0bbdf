// A browser's way of listening, with the real client: says each event of a room once, as a line of JSON.
import { createRequire } from "node:module";

const [, , packages, client, url, token, roomId] = process.argv;
const { io } = createRequire(`${packages}/package.json`)(client);
const socket = io(url, { transports: ["websocket"], auth: { token }, reconnectionDelay: 50, reconnectionDelayMax: 200 });
let at = null;

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function take(event) {
  if (!event.at || !at || event.at.offset <= at.offset) return;
  at = event.at;
  say(event);
}

socket.on("connect", () => {
  const from = at ? { epoch: at.epoch, after: at.offset } : {};
  socket.emit("room.enter", { room_id: roomId, ...from }, (answer) => {
    say({ entered: answer.events ? "events" : "snapshot", at: answer.at });
    for (const event of answer.events ?? []) take(event);
    at = answer.at;
  });
});
socket.on("connect_error", (error) => say({ refused: error.data ?? error.message }));
socket.onAny((name, payload) => take({ name, ...payload }));
