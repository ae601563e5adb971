"""Sessions: what is asked, in which order, and what an answer must be."""
