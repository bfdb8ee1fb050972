"""The schema of a server's record file; index/migrations runs it."""
