"""Coding: labels for dialogues, by a language model or by a classifier that needs none."""
