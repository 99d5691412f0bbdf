"""Side-by-side measurements: the same load, on this version and on another."""
