"""Timelines: sentences that tell what happened, each with its day."""
