"""People of a business: the list of them, the page of each, and their cards."""
