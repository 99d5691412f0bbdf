"""One's own account: who one is, how one signs in, and the tokens of one's programs."""
