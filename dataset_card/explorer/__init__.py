"""Explorer: one static page to look through the dialogues, which needs neither a server nor a network."""
