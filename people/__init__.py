"""Who: businesses, accounts, companies and sessions."""
