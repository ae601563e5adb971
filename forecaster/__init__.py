"""Forecasts the next label of a session, and lays out whole sessions (plans) under the rules of MI."""
