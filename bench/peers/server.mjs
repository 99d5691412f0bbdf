// Socket.IO as a Node programmer would have it: rooms, told events, and messages stored before they are told.
// PORT, and where wanted REDIS_URL (its Redis adapter) and DATABASE_URL (message.post).
import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { Server } from "socket.io";

const { PORT, REDIS_URL, DATABASE_URL } = process.env;
const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });
let pool = null;

if (REDIS_URL) {
  const { createAdapter } = await import("@socket.io/redis-adapter");
  const { createClient } = await import("redis");
  const publisher = createClient({ url: REDIS_URL });
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);
  io.adapter(createAdapter(publisher, subscriber));
}
if (DATABASE_URL) {
  const { default: pg } = await import("pg");
  pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
}

function told(stream, actor, fields) {
  return { at: null, stream, room_id: stream.slice(5), actor_id: actor, recorded_at: new Date().toISOString(), ...fields };
}

io.on("connection", (socket) => {
  const actor = randomUUID();
  socket.on("room.enter", async ({ room_id }, answer) => {
    await socket.join(`room:${room_id}`);
    answer({ ok: true });
  });
  socket.on("signal.send", ({ room_id, kind, data }) => {
    const stream = `room:${room_id}`;
    socket.to(stream).emit("signal.sent", told(stream, actor, { kind, data }));
  });
  socket.on("message.post", async ({ room_id, body, key }, answer) => {
    const event = await post(room_id, body, key);
    io.to(event.stream).emit("message.posted", event);
    answer?.({ ok: true, result: event.message, at: { ...event.at, stream: event.stream } });
  });
});

// The four statements of a stored message, in one transaction, prepared.
async function post(room, body, key = randomUUID()) {
  const client = await pool.connect();
  try {
    const { author, business } = await place(client, room);
    const now = new Date().toISOString();
    const stream = `room:${room}`;
    const message = {
      id: randomUUID(), author_id: author, body, html: `<p>${body}</p>`, audience: "all",
      attachments: [], posted_at: now, edited_at: null,
    };
    await client.query("begin");
    await client.query({ name: "key", text:
      "insert into idempotency_keys (person_id, key, business_id, digest, used_at) values ($1, $2, $3, $4, $5) on conflict do nothing",
      values: [author, key, business, createHash("sha256").update(body).digest(), now] });
    await client.query({ name: "message", text:
      "insert into messages (id, business_id, room_id, author_id, body, html, audience, attachments, posted_at) values ($1, $2, $3, $4, $5, $6, 'all', '{}', $7)",
      values: [message.id, business, room, author, body, message.html, now] });
    const { rows: [log] } = await client.query({ name: "head", text:
      "update logs set head = head + 1 where stream = $1 returning epoch, head", values: [stream] });
    await client.query({ name: "event", text:
      `insert into events (stream, "offset", recorded_at, business_id, name, audience, actor_id, subject_id, body) values ($1, $2, $3, $4, 'message.posted', 'all', $5, $6, $7)`,
      values: [stream, log.head, now, business, author, message.id, { message }] });
    await client.query("commit");
    const at = { epoch: log.epoch, offset: Number(log.head) };
    return { at, stream, room_id: room, actor_id: author, recorded_at: now, message };
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

const places = new Map();

// Who writes in a room: looked up once, where the hub looks at every command.
async function place(client, room) {
  if (!places.has(room)) {
    const { rows } = await client.query("select person_id as author, business_id as business from members where room_id = $1 limit 1", [room]);
    places.set(room, rows[0]);
  }
  return places.get(room);
}

http.listen(Number(PORT), "127.0.0.1");
