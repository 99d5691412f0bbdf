"""How anything is asked: the running of commands, and what a command needs."""
