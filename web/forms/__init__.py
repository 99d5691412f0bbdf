"""Forms: what they ask for, drawn from the commands that they run."""
