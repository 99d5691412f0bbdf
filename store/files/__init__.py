"""Files: blobs, folders that nobody else reads, and what is kept while it arrives."""
