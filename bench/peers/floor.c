/* The floor: what telling a room's members costs when nothing is done but one send() each. `floor PORT`
 * A bare WebSocket server, epoll, one thread. "J<room>" enters; any other text goes to the others in the room. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOMS = 65536, BUFFER = 1 << 16 };
typedef struct conn { int fd, room, at, open, used; char buffer[8192]; } conn;
typedef struct { conn **members; int count, size; } room_t;
static room_t rooms[ROOMS];
static int ep;

/* SHA-1 of up to 119 bytes and base64, for the handshake. Source: RFC 3174. */
static uint32_t rol(uint32_t x, int n) { return x << n | x >> (32 - n); }
static void sha1(const uint8_t *data, size_t length, uint8_t out[20]) {
  uint8_t block[128] = {0}; size_t size = length < 56 ? 64 : 128;
  uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  memcpy(block, data, length); block[length] = 0x80;
  for (int i = 0; i < 8; i++) block[size - 1 - i] = (uint64_t)length * 8 >> (8 * i);
  for (uint8_t *p = block; p < block + size; p += 64) {
    uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (int i = 0; i < 16; i++) w[i] = p[i*4] << 24 | p[i*4+1] << 16 | p[i*4+2] << 8 | p[i*4+3];
    for (int i = 16; i < 80; i++) w[i] = rol(w[i-3] ^ w[i-8] ^ w[i-14] ^ w[i-16], 1);
    for (int i = 0; i < 80; i++) {
      uint32_t f, k;
      if (i < 20) { f = (b & c) | (~b & d); k = 0x5A827999; }
      else if (i < 40) { f = b ^ c ^ d; k = 0x6ED9EBA1; }
      else if (i < 60) { f = (b & c) | (b & d) | (c & d); k = 0x8F1BBCDC; }
      else { f = b ^ c ^ d; k = 0xCA62C1D6; }
      uint32_t t = rol(a, 5) + f + e + k + w[i]; e = d; d = c; c = rol(b, 30); b = a; a = t;
    }
    h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e;
  }
  for (int i = 0; i < 20; i++) out[i] = h[i / 4] >> (24 - 8 * (i % 4));
}
static void base64(const uint8_t *in, int n, char *out) {
  static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int i = 0; i < n; i += 3) {
    uint32_t v = in[i] << 16 | (i + 1 < n ? in[i+1] << 8 : 0) | (i + 2 < n ? in[i+2] : 0);
    *out++ = signs[v >> 18]; *out++ = signs[v >> 12 & 63];
    *out++ = i + 1 < n ? signs[v >> 6 & 63] : '='; *out++ = i + 2 < n ? signs[v & 63] : '=';
  }
  *out = 0;
}

static void drop(conn *c) {
  if (c->room >= 0) {
    room_t *r = &rooms[c->room];
    r->members[c->at] = r->members[--r->count]; r->members[c->at]->at = c->at;
  }
  close(c->fd); free(c);
}
static void enter(conn *c, int number) {
  room_t *r = &rooms[number & (ROOMS - 1)];
  if (r->count == r->size) r->members = realloc(r->members, (r->size = r->size ? r->size * 2 : 16) * sizeof *r->members);
  c->room = number & (ROOMS - 1); c->at = r->count; r->members[r->count++] = c;
  send(c->fd, "\x81\x02OK", 4, MSG_NOSIGNAL);
}
static void tell(conn *from, const char *text, size_t length) {
  static char out[BUFFER]; size_t head = length < 126 ? 2 : 4;
  if (from->room < 0 || length + head > BUFFER) return;
  out[0] = (char)0x81;
  if (length < 126) out[1] = length; else { out[1] = 126; out[2] = length >> 8; out[3] = length; }
  memcpy(out + head, text, length);
  room_t *r = &rooms[from->room];
  for (int i = 0; i < r->count; i++) if (r->members[i] != from) send(r->members[i]->fd, out, head + length, MSG_NOSIGNAL);
}
/* Handles what is whole in the buffer; false when the connection is to be dropped. */
static int handle(conn *c) {
  if (!c->open) {
    char *key, *end, joined[128], answer[256], accept[32]; uint8_t digest[20];
    c->buffer[c->used] = 0;
    if (!(end = strstr(c->buffer, "\r\n\r\n"))) return 1;
    if (!(key = strcasestr(c->buffer, "sec-websocket-key: "))) return 0;
    int n = snprintf(joined, sizeof joined, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key + 19);
    sha1((uint8_t *)joined, n, digest); base64(digest, 20, accept);
    n = snprintf(answer, sizeof answer, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
    if (send(c->fd, answer, n, MSG_NOSIGNAL) != n) return 0;
    c->used -= end + 4 - c->buffer; memmove(c->buffer, end + 4, c->used); c->open = 1;
  }
  int at = 0;
  while (c->used - at >= 6) {
    uint8_t *p = (uint8_t *)c->buffer + at; int length = p[1] & 127, head = 6;
    if (length == 127) return 0;
    if (length == 126) { if (c->used - at < 8) break; length = p[2] << 8 | p[3]; head = 8; }
    if (head + length > (int)sizeof c->buffer - 1) return 0;
    if (c->used - at < head + length) break;
    if ((p[0] & 15) != 1) return 0;
    char *text = (char *)p + head;
    for (int i = 0; i < length; i++) text[i] ^= p[head - 4 + (i & 3)];
    if (length && text[0] == 'J') enter(c, atoi(text + 1)); else tell(c, text, length);
    at += head + length;
  }
  memmove(c->buffer, c->buffer + at, c->used -= at);
  return 1;
}

int main(int argc, char **argv) {
  int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 0), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct rlimit limit; getrlimit(RLIMIT_NOFILE, &limit); limit.rlim_cur = limit.rlim_max; setrlimit(RLIMIT_NOFILE, &limit);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (struct sockaddr *)&place, sizeof place) || listen(listener, 4096)) { perror("floor"); return 1; }
  ep = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN}, events[512];
  epoll_ctl(ep, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int count = epoll_wait(ep, events, 512, -1);
    for (int i = 0; i < count; i++) {
      conn *c = events[i].data.ptr;
      if (!c) {
        int fd;
        while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
          setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
          c = calloc(1, sizeof *c); c->fd = fd; c->room = -1;
          event = (struct epoll_event){.events = EPOLLIN, .data.ptr = c};
          epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event);
        }
        continue;
      }
      ssize_t got = recv(c->fd, c->buffer + c->used, sizeof c->buffer - 1 - c->used, 0);
      if (got > 0) { c->used += got; if (handle(c)) continue; }
      drop(c);
    }
  }
}
