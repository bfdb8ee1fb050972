"""Training the model that tells whether a text says a sentence."""
