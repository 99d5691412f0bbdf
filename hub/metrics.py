"""What the live side of the hub counts, for Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

sockets = Gauge("atrium_sockets", "Open sockets on this node.")
sockets_refused = Counter("atrium_sockets_refused", "Sockets that weren't let in.", ["reason"])
sockets_too_slow = Counter("atrium_sockets_too_slow", "Sockets closed because they didn't keep up.")
deliveries = Counter("atrium_deliveries", "Events put into sockets.")
enters = Counter("atrium_enters", "Streams entered.", ["answer"])
command_seconds = Histogram("atrium_socket_command_seconds", "From a packet to its acknowledgement.")
relay_lag_seconds = Histogram(
    "atrium_relay_lag_seconds",
    "From a change to its delivery on the node that made it.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)
log_reads = Counter("atrium_relay_log_reads", "Times that the relay read the log: after holes, and with Redis away.")
loop_lateness_seconds = Histogram(
    "atrium_loop_lateness_seconds",
    "How late the event loop came to what was due, looked at ten times a second.",
    buckets=(0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
redis_up = Gauge("atrium_redis_up", "Whether this node hears Redis.")
letters_waiting = Gauge("atrium_letters_waiting", "Letters that wait to be sent.")
letters_failed = Gauge("atrium_letters_failed", "Letters of the last seven days that couldn't be sent.")
letter_oldest_seconds = Gauge("atrium_letter_oldest_seconds", "For how long the oldest letter has been waiting.")
