"""What the shipped recording was made from: profiles and plans as far as every session has ended."""

from pathlib import Path

from generation.inputs import PLANS, PROFILES, RECORDED_MANIFEST, SETTINGS, Inputs, load_inputs
from generation.manifest import read_manifest


def n_recorded_profiles(manifest: Path = RECORDED_MANIFEST) -> int:
    """Return how many profiles, from the start of their file, a recording reaches to.

    Args:
        manifest: Manifest of the recording.

    Raises:
        ManifestError: If the recording's manifest is missing or is no manifest.
    """
    return read_manifest(manifest)["counts"]["profiles"]


def load_recorded_inputs() -> Inputs:
    """Read the inputs of the recorded sessions alone; profiles that wait to be written are left out.

    Raises:
        ValueError: If a file of the recording or of its inputs is missing or damaged.
    """
    return load_inputs(PROFILES, PLANS, SETTINGS, limit=n_recorded_profiles())
