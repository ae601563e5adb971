"""Benchmarks of the generation engine: a mock endpoint and the bars that the engine is held to."""
