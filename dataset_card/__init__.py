"""Dataset card, rendered from a template, the data and the metrics report."""
