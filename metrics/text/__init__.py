"""Text metrics: what the words of a dialogue show that its labels do not."""
