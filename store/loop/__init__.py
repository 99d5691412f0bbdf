"""The event loop: its pulse, patience with what it waits for, turns, and tasks beside others."""
