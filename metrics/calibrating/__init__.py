"""What the text metrics are measured against: AnnoMI, the classifier trained on it, and reference figures."""
