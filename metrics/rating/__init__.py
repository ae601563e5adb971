"""Blind rating of dialogues by people or language models: packets, exports, agreement."""
