"""The rights matrix: every page, part, endpoint and command, for every kind of person, in ``matrix.txt``.

``python -m tests.rights`` writes it anew; whoever changes it reads the difference.
"""
