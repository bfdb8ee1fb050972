"""Discord's commands and events: each parses, calls one function and renders the result."""
