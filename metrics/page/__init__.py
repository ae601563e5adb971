"""Reports and comparisons as one HTML page with pictures, which needs no network and no script."""
