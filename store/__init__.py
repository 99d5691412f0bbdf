"""The ground: database, event log, blobs, bus and embedded engines."""
