"""The wall: what people say to each other in a room, and whom it concerns."""
