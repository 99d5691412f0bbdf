"""Words: how what happened, and every figure and date, is said in the reader's language."""
