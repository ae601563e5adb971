"""Two sources side by side: differences with intervals, effect sizes, tests, and the dialogues they need."""
