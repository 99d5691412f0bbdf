"""The installation itself: its settings, its words, the businesses on it and who runs it."""
