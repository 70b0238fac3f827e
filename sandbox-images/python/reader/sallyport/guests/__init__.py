"""Programs that a source runs in a sandbox of its own."""
