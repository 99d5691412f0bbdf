"""Signing in, and what strangers open: by a password, a passkey, another service, or a link in a letter.

None of it is a declared page: nobody is signed in, there is no actor to read or to run a command as, and each answers
alike whatever is so, counts tries, and gives or takes cookies.
"""
