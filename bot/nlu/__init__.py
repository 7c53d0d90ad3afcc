"""The part that understands: Rasa, the shelf its models come from, and the trainer beside it."""
