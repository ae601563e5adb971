"""Generation of Korean MI dialogues: profiles, plans, prompts, sessions, completions, backends and checks."""
