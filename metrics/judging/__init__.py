"""Judging: ratings and comparisons of dialogues by a language model, validated on AnnoMI."""
