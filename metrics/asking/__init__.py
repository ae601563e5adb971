"""One machinery for coders and judges: a request a dialogue, its answer checked and kept under its hash."""
