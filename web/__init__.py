"""What people see: pages, the HTTP API and the browser's side."""
