"""What one Discord server owns. Knows nothing of Discord's library."""
