"""Images: looked at, and drawn anew, where what strangers send harms nobody."""
