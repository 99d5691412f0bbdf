"""Texts: which signs they may have, and how they are found and sorted."""
