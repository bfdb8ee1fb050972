"""Completes a message of a conversation to a whole question, by rules, or says what is missing."""
