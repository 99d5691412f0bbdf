/* fanload: one load generator for fan-out servers.
 * Protocols: sio (Socket.IO v5 / Engine.IO v4, websocket transport only), ws (plain websocket), nats (NATS over websocket).
 * Single thread, epoll, no dependency but zlib.  See fanload.md.   */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

typedef uint64_t u64;
static u64 now_ns(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return (u64)t.tv_sec * 1000000000ull + t.tv_nsec; }
static void die(const char *f, ...) { va_list a; va_start(a, f); vfprintf(stderr, f, a); va_end(a); fputc('\n', stderr); exit(2); }

/* ------------------------------------------------------------ options */
enum { P_SIO, P_WS, P_NATS };
static int o_proto = P_SIO, o_rooms = 1, o_members = 10, o_slow = 0, o_deflate = 0, o_listen = 0, o_inflight = 64, o_window = 0, o_noself = 0, o_burst = 0, o_affin = 0;
static double o_rate = 1, o_dur = 10, o_warm = 2, o_settle = 1, o_drain = 3, o_ctimeout = 60;
static int o_bytes = 300, o_maxmsgs = 2000000;
static const char *o_path = NULL, *o_ns = "", *o_auth = NULL, *o_join = NULL, *o_joinack = NULL, *o_pub = NULL, *o_label = "", *o_prefix = "room";
static char *o_headers = "";
static char **auth_lines; static int n_auth;
static char **room_names, **room_places; static int n_names; static char **cookies; static int n_cookies;
static void read_lines(const char *path, char ***lines, int *n) {
  FILE *f = fopen(path, "r"); char *b = NULL; size_t c = 0; ssize_t l;
  if (!f) die("%s", path);
  while ((l = getline(&b, &c, f)) > 0) {
    while (l && (b[l-1] == '\n' || b[l-1] == '\r')) b[--l] = 0;
    if (!l) continue;
    *lines = realloc(*lines, (*n + 1) * sizeof **lines); (*lines)[(*n)++] = strdup(b);
  }
  free(b); fclose(f);
}
static struct sockaddr_in targets[16]; static int n_targets;
enum { PIDS = 256 };
static int pids[PIDS], n_pids;

/* ------------------------------------------------------------ histogram (log-linear, <1 % error) */
#define SUB 128
static u64 hist[64 * SUB], hist_n, hist_max; static double hist_sum;
static int hidx(u64 v) { if (v < SUB) return v; int e = 63 - __builtin_clzll(v) - 7; return (e + 1) * SUB + (int)((v >> e) - SUB); }
static u64 hval(int i) { if (i < SUB) return i; int e = i / SUB - 1; return ((u64)(i % SUB) + SUB) << e; }
static void hadd(u64 v) { hist[hidx(v)]++; hist_n++; hist_sum += v; if (v > hist_max) hist_max = v; }
static double hpct(double p) { u64 want = (u64)(p / 100.0 * hist_n), c = 0; for (int i = 0; i < 64 * SUB; i++) { c += hist[i]; if (c > want) return hval(i) / 1e6; } return hist_max / 1e6; }

/* ------------------------------------------------------------ state */
enum { S_CONNECTING, S_HTTP, S_EIO, S_NSP, S_JOIN, S_READY, S_DEAD };
typedef struct { int fd, id, room, member, target; uint8_t st, slow, defl, notify; char *in; size_t inl, inc; char *out; size_t outl;
                 z_stream *z; uint8_t *seen; size_t seencap; long max_seq; u64 got; char *frag; size_t fragl; int fragrsv; } conn;
typedef struct { conn *sender; long sent, full; uint16_t *cnt; size_t cap; int members; u64 due; } room_t;
static conn *C; static room_t *R; static int NC, ep;
static int n_ready, n_dead, n_started, n_pending;
static u64 rx_bytes, rx_frames, tx_msgs, deliveries, dup_cnt, reorder_cnt, stray;
static u64 m_start, m_end; static int measuring; static u64 m_deliv, m_sent, m_bytes; static u64 lag_max; static double lag_sum; static u64 lag_n;
static u64 m_recv_calls;

static void want_out(conn *c, int on) { struct epoll_event e = {.events = EPOLLIN | (on ? EPOLLOUT : 0), .data.ptr = c}; epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e); }
static void kill_conn(conn *c, const char *why) {
  if (c->st == S_DEAD) return;
  if (n_dead < 5) fprintf(stderr, "conn %d (room %d) died in state %d: %s\n", c->id, c->room, c->st, why);
  if (c->st == S_READY) n_ready--; else n_pending--;
  c->st = S_DEAD; n_dead++; close(c->fd); c->fd = -1;
}
static void raw_send(conn *c, const char *b, size_t n) {
  if (c->st == S_DEAD) return;
  if (!c->outl) { ssize_t w = send(c->fd, b, n, MSG_NOSIGNAL); if (w == (ssize_t)n) return; if (w < 0) { if (errno != EAGAIN) { kill_conn(c, "send"); return; } w = 0; } b += w; n -= w; }
  c->out = realloc(c->out, c->outl + n); memcpy(c->out + c->outl, b, n); c->outl += n; want_out(c, 1);
}
static uint32_t rnd = 12345;
static void ws_send(conn *c, int op, const char *p, size_t n) {
  static char buf[1 << 17]; if (n > sizeof buf - 14) die("frame too large");
  size_t h = 2; buf[0] = 0x80 | op;
  if (n < 126) buf[1] = 0x80 | n; else if (n < 65536) { buf[1] = 0x80 | 126; buf[2] = n >> 8; buf[3] = n; h = 4; }
  else { buf[1] = 0x80 | 127; for (int i = 0; i < 8; i++) buf[2 + i] = (u64)n >> (56 - 8 * i); h = 10; }
  rnd = rnd * 1664525 + 1013904223; memcpy(buf + h, &rnd, 4); char *k = buf + h; h += 4;
  for (size_t i = 0; i < n; i++) buf[h + i] = p[i] ^ k[i & 3];
  raw_send(c, buf, h + n);
}
/* %ROOM% %TOK% %PAD% %ID% %LEN% (length of all that follows the first CRLF) */
static size_t expand(char *o, size_t cap, const char *t, conn *c, const char *tok) {
  size_t n = 0; char tmp[64];
  for (; *t && n < cap - 4096; ) {
    if (*t == '%') {
      const char *e = strchr(t + 1, '%'); size_t l = e ? (size_t)(e - t + 1) : 0;
      if (l == 6 && !memcmp(t, "%ROOM%", 6)) { n += n_names ? sprintf(o + n, "%s", room_names[c->room % n_names]) : sprintf(o + n, "%s%d", o_prefix, c->room); t += 6; continue; }
      if (l == 4 && !memcmp(t, "%AT%", 4)) { n += sprintf(o + n, "%s", room_places ? room_places[c->room % n_names] : ""); t += 4; continue; }
      if (l == 5 && !memcmp(t, "%TOK%", 5)) { n += sprintf(o + n, "%s", tok); t += 5; continue; }
      if (l == 4 && !memcmp(t, "%ID%", 4)) { n += sprintf(o + n, "%d", c->id); t += 4; continue; }
      if (l == 5 && !memcmp(t, "%PAD%", 5)) { int used = (int)(n + strlen(t) - 5), pad = o_bytes - used; if (pad < 0) pad = 0; memset(o + n, 'x', pad); n += pad; t += 5; continue; }
    }
    o[n++] = *t++;
  }
  o[n] = 0; char *L = strstr(o, "%LEN%");
  if (L) { char *body = strstr(L, "\r\n"); int bl = body ? (int)(o + n - body - 4) : 0; int k = sprintf(tmp, "%d", bl); size_t rest = o + n - (L + 5); memmove(L + k, L + 5, rest + 1); memcpy(L, tmp, k); n = n - 5 + k; }
  return n;
}
static void text(conn *c, const char *t) { static char b[1 << 16]; size_t n = expand(b, sizeof b, t, c, ""); ws_send(c, 1, b, n); }
static void ready(conn *c) { c->st = S_READY; n_ready++; n_pending--; }
static void do_join(conn *c) { if (!o_join || !*o_join) { ready(c); return; } c->st = S_JOIN; text(c, o_join); if (!o_joinack || !*o_joinack) ready(c); }

static void publish(room_t *r, u64 t) {
  if (r->sent >= o_maxmsgs || r->sender->st != S_READY) return;
  static char b[1 << 16]; char tok[96]; sprintf(tok, "LG1|%d|%ld|%llu|", r->sender->room, r->sent, (unsigned long long)t);
  if ((size_t)r->sent >= r->cap) { size_t nc = r->cap ? r->cap * 2 : 1024; r->cnt = realloc(r->cnt, nc * 2); memset(r->cnt + r->cap, 0, (nc - r->cap) * 2); r->cap = nc; }
  r->sent++; size_t n = expand(b, sizeof b, o_pub, r->sender, tok); tx_msgs++; ws_send(r->sender, 1, b, n);
}
static void token(conn *c, const char *p, const char *e, u64 t) {
  char *q; long room = strtol(p + 4, &q, 10); if (*q != '|') return; long seq = strtol(q + 1, &q, 10); if (*q != '|') return; u64 st = strtoull(q + 1, &q, 10);
  (void)e;
  if (room != c->room || seq < 0 || seq > o_maxmsgs) { stray++; return; }
  size_t byte = seq >> 3; if (byte >= c->seencap) { size_t nc = c->seencap ? c->seencap * 2 : 64; while (nc <= byte) nc *= 2; c->seen = realloc(c->seen, nc); memset(c->seen + c->seencap, 0, nc - c->seencap); c->seencap = nc; }
  if (c->seen[byte] & (1 << (seq & 7))) { dup_cnt++; return; }
  c->seen[byte] |= 1 << (seq & 7); if (seq < c->max_seq) reorder_cnt++; else c->max_seq = seq;
  c->got++; deliveries++; if (t >= m_start && t < m_end) { m_deliv++; }
  if (measuring && st >= m_start && st < m_end) hadd(t > st ? t - st : 0);
  room_t *r = &R[room]; if (!o_listen && (size_t)seq < r->cap && ++r->cnt[seq] >= r->members) r->full++;
}
static void message(conn *c, int op, char *p, size_t n, u64 t) {
  if (op == 9) { ws_send(c, 10, p, n); return; }
  if (op == 8) { kill_conn(c, "server close frame"); return; }
  if (op == 10) return;
  if (c->st == S_READY) {
    if (o_proto == P_SIO && n == 1 && p[0] == '2') { ws_send(c, 1, "3", 1); return; }
    if (o_proto == P_NATS && n >= 4 && !memcmp(p, "PING", 4)) { ws_send(c, 1, "PONG\r\n", 6); return; }
    char *s = p, *e = p + n, *k; while (s < e && (k = memmem(s, e - s, "LG1|", 4))) { token(c, k, e, t); if (o_proto == P_SIO) break; s = k + 4; }
    return;
  }
  if (o_proto == P_SIO) {
    if (c->st == S_EIO && n && p[0] == '0') { char b[4096]; const char *a = n_auth ? auth_lines[c->id % n_auth] : (o_auth ? o_auth : ""); int l = snprintf(b, sizeof b, "40%s%s%s", o_ns, *o_ns ? "," : "", a); c->st = S_NSP; ws_send(c, 1, b, l); return; }
    if (n == 1 && p[0] == '2') { ws_send(c, 1, "3", 1); return; }
    if (c->st == S_NSP && n > 1 && p[0] == '4' && p[1] == '0') { do_join(c); return; }
    if (n > 1 && p[0] == '4' && p[1] == '4') { char m[200]; snprintf(m, sizeof m, "connect error %.*s", (int)(n > 150 ? 150 : n), p); kill_conn(c, m); return; }
  }
  if (o_proto == P_NATS && c->st == S_EIO) { const char *k = "CONNECT {\"verbose\":false,\"echo\":true}\r\n"; ws_send(c, 1, k, strlen(k)); do_join(c); return; }
  if (c->st == S_JOIN && o_joinack && memmem(p, n, o_joinack, strlen(o_joinack))) ready(c);
}
static char *inflate_msg(conn *c, char *p, size_t n, size_t *on) {
  static char *o; static size_t cap; if (!o) o = malloc(cap = 1 << 18);
  if (!c->z) { c->z = calloc(1, sizeof *c->z); if (inflateInit2(c->z, -15) != Z_OK) die("inflateInit"); }
  static char tmp[1 << 18]; if (n + 4 > sizeof tmp) die("big deflate"); memcpy(tmp, p, n); memcpy(tmp + n, "\0\0\xff\xff", 4);
  c->z->next_in = (Bytef *)tmp; c->z->avail_in = n + 4; c->z->next_out = (Bytef *)o; c->z->avail_out = cap - 1;
  int r = inflate(c->z, Z_SYNC_FLUSH); if (r != Z_OK && r != Z_BUF_ERROR && r != Z_STREAM_END) die("inflate %d", r);
  *on = cap - 1 - c->z->avail_out; o[*on] = 0; return o;
}
/* parse all complete frames in b[0..n); returns consumed */
static size_t frames(conn *c, char *b, size_t n, u64 t) {
  size_t off = 0;
  while (n - off >= 2 && c->st != S_DEAD) {
    unsigned char *h = (unsigned char *)b + off; u64 len = h[1] & 127; size_t hl = 2;
    if (len == 126) { if (n - off < 4) break; len = h[2] << 8 | h[3]; hl = 4; }
    else if (len == 127) { if (n - off < 10) break; len = 0; for (int i = 0; i < 8; i++) len = len << 8 | h[2 + i]; hl = 10; }
    if (n - off < hl + len) break;
    rx_frames++; int op = h[0] & 15, fin = h[0] & 128, rsv = h[0] & 64; char *p = b + off + hl; size_t pl = len;
    if (op < 8 && (!fin || op == 0)) { c->frag = realloc(c->frag, c->fragl + len + 1); memcpy(c->frag + c->fragl, p, len); c->fragl += len; if (op) c->fragrsv = rsv;
      if (fin) { size_t fl = c->fragl; c->fragl = 0; p = c->frag; if (c->fragrsv) { size_t k; p = inflate_msg(c, p, fl, &k); fl = k; } message(c, 1, p, fl, t); } }
    else { if (rsv && op < 8) p = inflate_msg(c, p, pl, &pl); message(c, op, p, pl, t); }
    off += hl + len;
  }
  return off;
}
static void start_conn(conn *c) {
  c->target = (o_affin ? c->room : c->id) % n_targets; c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0); if (c->fd < 0) die("socket: %s", strerror(errno));
  int one = 1; setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  c->st = S_CONNECTING; c->max_seq = -1; n_pending++; n_started++;
  int r = connect(c->fd, (struct sockaddr *)&targets[c->target], sizeof targets[0]);
  if (r < 0 && errno != EINPROGRESS) { kill_conn(c, strerror(errno)); return; }
  struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c}; epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &e);
}
static void upgrade(conn *c) {
  int err = 0; socklen_t l = sizeof err; getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &err, &l); if (err) { kill_conn(c, strerror(err)); return; }
  want_out(c, 0); c->st = S_HTTP; char b[4096], pth[1024]; expand(pth, sizeof pth < 5000 ? 5000 : sizeof pth, o_path, c, "");
  int n = snprintf(b, sizeof b, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s%s%s%s%s\r\n",
                   pth, ntohs(targets[c->target].sin_port), o_deflate ? "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n" : "", o_headers, n_cookies ? "Cookie: " : "", n_cookies ? cookies[c->id % n_cookies] : "", n_cookies ? "\r\n" : "");
  raw_send(c, b, n);
}
static char rbuf[1 << 18];
static void on_read(conn *c, u64 t) {
  for (;;) {
    ssize_t n = recv(c->fd, rbuf, sizeof rbuf - 1, 0); m_recv_calls++;
    if (n <= 0) { if (n < 0 && errno == EAGAIN) return; kill_conn(c, n ? strerror(errno) : "eof"); return; }
    rx_bytes += n; rbuf[n] = 0; char *b = rbuf; size_t len = n;
    if (c->inl || c->st == S_HTTP) { if (c->inl + n + 1 > c->inc) { c->inc = c->inl + n + 4096; c->in = realloc(c->in, c->inc); } memcpy(c->in + c->inl, rbuf, n); c->inl += n; c->in[c->inl] = 0; b = c->in; len = c->inl; }
    size_t off = 0;
    if (c->st == S_HTTP) {
      char *e = memmem(b, len, "\r\n\r\n", 4); if (!e) return;
      if (memcmp(b, "HTTP/1.1 101", 12)) { char m[128]; snprintf(m, sizeof m, "no 101: %.60s", b); kill_conn(c, m); return; }
      *e = 0; c->defl = strcasestr(b, "permessage-deflate") != NULL; *e = '\r'; off = e - b + 4;
      c->st = S_EIO; if (o_proto == P_WS) do_join(c);
    }
    off += frames(c, b + off, len - off, t);
    if (c->st == S_DEAD) return;
    size_t rem = len - off;
    if (b == c->in) { memmove(c->in, c->in + off, rem); c->inl = rem; if (!rem && c->inc > 8192) { free(c->in); c->in = NULL; c->inc = 0; } }
    else if (rem) { if (rem + 1 > c->inc) { c->inc = rem + 4096; c->in = realloc(c->in, c->inc); } memcpy(c->in, b + off, rem); c->inl = rem; }
    if (n < (ssize_t)sizeof rbuf - 1) return;
  }
}
static void pump(int timeout_us) {
  static struct epoll_event ev[1024]; struct timespec ts = {timeout_us / 1000000, (timeout_us % 1000000) * 1000};
  int k = epoll_pwait2(ep, ev, 1024, &ts, NULL); if (k <= 0) return;
  for (int i = 0; i < k; i++) {
    conn *c = ev[i].data.ptr; if (c->st == S_DEAD) continue;
    if (c->st == S_CONNECTING) { if (ev[i].events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) upgrade(c); continue; }
    if ((ev[i].events & EPOLLOUT) && c->outl) { ssize_t w = send(c->fd, c->out, c->outl, MSG_NOSIGNAL); if (w > 0) { memmove(c->out, c->out + w, c->outl - w); c->outl -= w; } if (!c->outl) want_out(c, 0); }
    if (ev[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) on_read(c, now_ns());
  }
}
/* ------------------------------------------------------------ /proc accounting */
typedef struct { double user, sys, run; long rss_kb, pss_kb; } usage_t;
static usage_t proc_acct(int pid, int mem) {
  usage_t a = {0}; char p[128], b[4096]; FILE *f; snprintf(p, sizeof p, "/proc/%d/stat", pid);
  if ((f = fopen(p, "r"))) { size_t n = fread(b, 1, sizeof b - 1, f); b[n] = 0; fclose(f); char *q = strrchr(b, ')'); unsigned long u = 0, s = 0; if (q) sscanf(q + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &u, &s); double hz = sysconf(_SC_CLK_TCK); a.user = u / hz; a.sys = s / hz; }
  snprintf(p, sizeof p, "/proc/%d/task", pid); DIR *d = opendir(p); struct dirent *e;
  if (d) { while ((e = readdir(d))) if (isdigit(e->d_name[0])) { char q[512]; snprintf(q, sizeof q, "%s/%s/schedstat", p, e->d_name); if ((f = fopen(q, "r"))) { unsigned long long r = 0; if (fscanf(f, "%llu", &r) == 1) a.run += r / 1e9; fclose(f); } } closedir(d); }
  if (mem) { snprintf(p, sizeof p, "/proc/%d/smaps_rollup", pid); if ((f = fopen(p, "r"))) { while (fgets(b, sizeof b, f)) { sscanf(b, "Rss: %ld", &a.rss_kb); sscanf(b, "Pss: %ld", &a.pss_kb); } fclose(f); } }
  return a;
}
static void all_acct(usage_t *o, int mem) { for (int i = 0; i < n_pids; i++) o[i] = proc_acct(pids[i], mem); }
static usage_t sum(usage_t *a) { usage_t s = {0}; for (int i = 0; i < n_pids; i++) { s.user += a[i].user; s.sys += a[i].sys; s.run += a[i].run; s.rss_kb += a[i].rss_kb; s.pss_kb += a[i].pss_kb; } return s; }

int main(int argc, char **argv) {
  static struct option L[] = {{"proto",1,0,'p'},{"target",1,0,'t'},{"path",1,0,'P'},{"rooms",1,0,'r'},{"members",1,0,'m'},{"rate",1,0,'R'},{"window",1,0,'w'},{"duration",1,0,'d'},{"warmup",1,0,'W'},{"settle",1,0,'s'},{"drain",1,0,'D'},
    {"bytes",1,0,'b'},{"pids",1,0,'i'},{"join",1,0,'j'},{"join-ack",1,0,'J'},{"pub",1,0,'u'},{"auth",1,0,'a'},{"auth-file",1,0,'A'},{"header",1,0,'H'},{"nsp",1,0,'n'},{"slow",1,0,'S'},{"deflate",0,0,'z'},{"listen-only",0,0,'l'},{"inflight",1,0,'f'},{"label",1,0,'L'},{"no-self",0,0,'N'},{"burst",0,0,'B'},{"room-affinity",0,0,'Y'},{"room-prefix",1,0,'x'},{"rooms-file",1,0,'X'},{"cookies-file",1,0,'K'},{"connect-timeout",1,0,'T'},{0,0,0,0}};
  int o; signal(SIGPIPE, SIG_IGN);
  while ((o = getopt_long(argc, argv, "", L, NULL)) != -1) switch (o) {
    case 'p': o_proto = !strcmp(optarg, "ws") ? P_WS : !strcmp(optarg, "nats") ? P_NATS : P_SIO; break;
    case 't': { char *s = strdup(optarg), *x; for (x = strtok(s, ","); x; x = strtok(NULL, ",")) { char *c = strchr(x, ':'); targets[n_targets].sin_family = AF_INET; targets[n_targets].sin_port = htons(atoi(c ? c + 1 : x)); targets[n_targets].sin_addr.s_addr = htonl(INADDR_LOOPBACK); n_targets++; } break; }
    case 'P': o_path = optarg; break; case 'r': o_rooms = atoi(optarg); break; case 'm': o_members = atoi(optarg); break; case 'R': o_rate = atof(optarg); break; case 'w': o_window = atoi(optarg); break;
    case 'd': o_dur = atof(optarg); break; case 'W': o_warm = atof(optarg); break; case 's': o_settle = atof(optarg); break; case 'D': o_drain = atof(optarg); break; case 'b': o_bytes = atoi(optarg); break;
    case 'i': { char *s = strdup(optarg), *x; for (x = strtok(s, ","); x && n_pids < PIDS; x = strtok(NULL, ",")) pids[n_pids++] = atoi(x); break; }
    case 'j': o_join = optarg; break; case 'J': o_joinack = optarg; break; case 'u': o_pub = optarg; break; case 'a': o_auth = optarg; break; case 'n': o_ns = optarg; break; case 'S': o_slow = atoi(optarg); break;
    case 'A': { FILE *f = fopen(optarg, "r"); char *b = NULL; size_t c = 0; ssize_t n; if (!f) die("%s", optarg); while ((n = getline(&b, &c, f)) > 0) { while (n && (b[n-1] == '\n' || b[n-1] == '\r')) b[--n] = 0; if (!n) continue; auth_lines = realloc(auth_lines, (n_auth + 1) * sizeof *auth_lines); auth_lines[n_auth++] = strdup(b); } fclose(f); break; }
    case 'H': { char *h; if (asprintf(&h, "%s%s\r\n", o_headers, optarg) < 0) die("oom"); o_headers = h; break; }
    case 'z': o_deflate = 1; break; case 'l': o_listen = 1; break; case 'f': o_inflight = atoi(optarg); break; case 'L': o_label = optarg; break; case 'N': o_noself = 1; break; case 'B': o_burst = 1; break; case 'Y': o_affin = 1; break; case 'x': o_prefix = optarg; break; case 'X': read_lines(optarg, &room_names, &n_names); room_places = calloc(n_names, sizeof *room_places); for (int i = 0; i < n_names; i++) { char *tab = strchr(room_names[i], '\t'); room_places[i] = tab ? tab + 1 : ""; if (tab) *tab = 0; } break; case 'K': read_lines(optarg, &cookies, &n_cookies); break; case 'T': o_ctimeout = atof(optarg); break;
    default: die("bad option, see fanload.md");
  }
  if (!n_targets) die("--target host:port[,host:port] is needed");
  if (!o_path) o_path = o_proto == P_SIO ? "/socket.io/?EIO=4&transport=websocket" : "/ws";
  if (o_proto == P_SIO) { if (!o_join) o_join = "420[\"join\",{\"room\":\"%ROOM%\"}]"; if (!o_joinack) o_joinack = "430"; if (!o_pub) o_pub = "42[\"pub\",{\"room\":\"%ROOM%\",\"event\":\"timer.started\",\"task\":{\"id\":48213,\"title\":\"Write the release notes\"},\"user\":\"u-19\",\"tok\":\"%TOK%\",\"pad\":\"%PAD%\"}]"; }
  else if (o_proto == P_WS) { if (!o_join) o_join = "{\"join\":\"%ROOM%\"}"; if (!o_joinack) o_joinack = "joined"; if (!o_pub) o_pub = "{\"room\":\"%ROOM%\",\"event\":\"timer.started\",\"task\":{\"id\":48213,\"title\":\"Write the release notes\"},\"user\":\"u-19\",\"tok\":\"%TOK%\",\"pad\":\"%PAD%\"}"; }
  else { if (!o_join) o_join = "SUB %ROOM% 1\r\nPING\r\n"; if (!o_joinack) o_joinack = "PONG"; if (!o_pub) o_pub = "PUB %ROOM% %LEN%\r\n{\"event\":\"timer.started\",\"task\":{\"id\":48213},\"tok\":\"%TOK%\",\"pad\":\"%PAD%\"}\r\n"; }
  NC = o_rooms * o_members; C = calloc(NC, sizeof *C); R = calloc(o_rooms, sizeof *R); ep = epoll_create1(0);
  struct rlimit rl; getrlimit(RLIMIT_NOFILE, &rl); rl.rlim_cur = rl.rlim_max; setrlimit(RLIMIT_NOFILE, &rl);
  static usage_t a0[PIDS], a1[PIDS], a2[PIDS], a3[PIDS], a4[PIDS]; all_acct(a0, 1);
  for (int i = 0; i < NC; i++) { C[i].id = i; C[i].fd = -1; C[i].room = i / o_members; C[i].member = i % o_members; C[i].slow = C[i].member >= o_members - o_slow; }
  /* connect (member-major, so that with many targets the members of every room are spread) */
  u64 t0 = now_ns(); int next = 0;
  while (n_ready + n_dead < NC) { while (next < NC && n_pending < o_inflight) start_conn(&C[next++]); pump(20000); if (now_ns() - t0 > o_ctimeout * 1e9) break; }
  double conn_s = (now_ns() - t0) / 1e9;
  if (n_ready < NC) fprintf(stderr, "only %d of %d connections ready\n", n_ready, NC);
  if (!n_ready) die("no connection");
  for (int r = 0; r < o_rooms; r++) { R[r].sender = &C[r * o_members]; for (int m = 0; m < o_members; m++) { conn *c = &C[r * o_members + m]; if (c->st != S_READY) continue; if (c->slow) epoll_ctl(ep, EPOLL_CTL_DEL, c->fd, NULL); else if (!(o_noself && m == 0)) R[r].members++; } }
  all_acct(a1, 1); u64 te = now_ns() + (u64)(o_settle * 1e9); while (now_ns() < te) pump(20000);
  all_acct(a2, 1);
  /* traffic */
  u64 start = now_ns(); m_start = start + (u64)(o_warm * 1e9); m_end = m_start + (u64)(o_dur * 1e9);
  double step = o_burst ? 1e9 / o_rate : 1e9 / (o_rate * o_rooms); double nextp = start; int rr = 0; struct rusage g0, g1; u64 d0 = 0, s0 = 0, b0 = 0, rc0 = 0; int phase = 0; u64 t_c0 = 0, t_c1 = 0;
  for (;;) {
    u64 t = now_ns();
    if (phase == 0 && t >= m_start) { phase = 1; measuring = 1; all_acct(a3, 0); getrusage(RUSAGE_SELF, &g0); d0 = deliveries; s0 = tx_msgs; b0 = rx_bytes; rc0 = m_recv_calls; t_c0 = t; }
    if (t >= m_end) break;
    int us = 20000;
    if (!o_listen) {
      if (o_window) { for (int r = 0; r < o_rooms; r++) while (R[r].sent - R[r].full < o_window && R[r].sender->st == S_READY && R[r].sent < o_maxmsgs) publish(&R[r], now_ns()); }
      else { int guard = 0; while (nextp <= t && guard++ < 4096) { u64 l = t - (u64)nextp; if (phase) { lag_sum += l; lag_n++; if (l > lag_max) lag_max = l; } if (o_burst) for (int r = 0; r < o_rooms; r++) publish(&R[r], now_ns()); else { publish(&R[rr], now_ns()); rr = (rr + 1) % o_rooms; } nextp += step; t = now_ns(); }
        double w = (nextp - (double)now_ns()) / 1e3; us = w < 0 ? 0 : w > 20000 ? 20000 : (int)w; }
    }
    pump(us);
  }
  all_acct(a4, 0); getrusage(RUSAGE_SELF, &g1); t_c1 = now_ns(); m_sent = tx_msgs - s0; u64 md = deliveries - d0; m_bytes = rx_bytes - b0; u64 rc = m_recv_calls - rc0;
  /* drain */
  u64 expected = 0; for (int r = 0; r < o_rooms; r++) expected += (u64)R[r].sent * R[r].members;
  te = now_ns() + (u64)(o_drain * 1e9); while (now_ns() < te && (o_listen || deliveries < expected)) pump(20000);
  double drain_s = o_drain - (now_ns() < te ? (te - now_ns()) / 1e9 : 0);
  double secs = (t_c1 - t_c0) / 1e9; usage_t x3 = sum(a3), x4 = sum(a4), x0 = sum(a0), x1 = sum(a1), x2 = sum(a2); static usage_t e5[PIDS]; all_acct(e5, 1); usage_t x5 = sum(e5);
  double cpu = x4.run - x3.run, gcpu = (g1.ru_utime.tv_sec - g0.ru_utime.tv_sec) + (g1.ru_stime.tv_sec - g0.ru_stime.tv_sec) + (g1.ru_utime.tv_usec - g0.ru_utime.tv_usec) / 1e6 + (g1.ru_stime.tv_usec - g0.ru_stime.tv_usec) / 1e6;
  u64 lost = o_listen ? 0 : expected - deliveries; int ndefl = 0; for (int i = 0; i < NC; i++) ndefl += C[i].defl;
  printf("{\"label\":\"%s\",\"rooms\":%d,\"members\":%d,\"conns\":%d,\"dead\":%d,\"deflate_conns\":%d,\"rate\":%g,\"window\":%d,\"secs\":%.2f,\"sent_s\":%.1f,\"deliv_s\":%.0f,\"mb_s\":%.2f,\"p50_ms\":%.3f,\"p95_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,\"max_ms\":%.3f,\"mean_ms\":%.3f,"
         "\"expected\":%llu,\"delivered\":%llu,\"lost\":%lld,\"dup\":%llu,\"reorder\":%llu,\"stray\":%llu,\"drain_s\":%.2f,"
         "\"srv_cpu_s\":%.3f,\"srv_user\":%.2f,\"srv_sys\":%.2f,\"srv_cores\":%.3f,\"deliv_per_cpu_s\":%.0f,\"us_per_deliv\":%.2f,\"per_pid_cpu\":[",
         o_label, o_rooms, o_members, n_ready, n_dead, ndefl, o_rate, o_window, secs, m_sent / secs, md / secs, m_bytes / secs / 1e6, hpct(50), hpct(95), hpct(99), hpct(99.9), hist_max / 1e6, hist_n ? hist_sum / hist_n / 1e6 : 0,
         (unsigned long long)expected, (unsigned long long)deliveries, (long long)lost, (unsigned long long)dup_cnt, (unsigned long long)reorder_cnt, (unsigned long long)stray, drain_s,
         cpu, x4.user - x3.user, x4.sys - x3.sys, cpu / secs, cpu > 0 ? md / cpu : 0, md ? cpu / md * 1e6 : 0);
  for (int i = 0; i < n_pids; i++) printf("%s%.3f", i ? "," : "", a4[i].run - a3[i].run);
  printf("],\"gen_cpu_s\":%.3f,\"gen_cores\":%.3f,\"gen_lag_mean_us\":%.1f,\"gen_lag_max_us\":%.1f,\"recv_calls\":%llu,\"connect_s\":%.2f,\"connect_cpu_s\":%.3f,\"idle_cpu_s\":%.3f,\"rss0_kb\":%ld,\"rss_idle_kb\":%ld,\"rss_end_kb\":%ld,\"kb_per_conn\":%.2f,\"kb_per_conn_end\":%.2f}\n",
         gcpu, gcpu / secs, lag_n ? lag_sum / lag_n / 1e3 : 0, lag_max / 1e3, (unsigned long long)rc, conn_s, x1.run - x0.run, x2.run - x1.run, x0.rss_kb, x2.rss_kb, x5.rss_kb, (double)(x2.rss_kb - x0.rss_kb) / n_ready, (double)(x5.rss_kb - x0.rss_kb) / n_ready);
  return lost || dup_cnt || reorder_cnt || n_dead ? 1 : 0;
}
