"""Every supported version of `datasets` tries every way to load, each in an environment of its own."""
