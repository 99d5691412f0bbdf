"""The gateway: people's live connections, and what reaches them through each one's lens."""
