"""MI metrics for labeled counseling dialogues: `python -m metrics score PATH`."""
