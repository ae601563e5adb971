"""Original: the release of Kim et al. (2025), verified and converted to files in the shape of ours.

Source:
    Kim et al. (2025), github.com/hjkim811/KMI, CC BY 4.0, at the commit that `kmi.py` pins.
"""

import tempfile
from pathlib import Path

import datasets

from kmi import Kmi


def convert_release(out: Path, local_path: Path | None = None) -> dict[str, int]:
    """Download and verify the release, split it and write it, all files or none.

    Args:
        out: Folder to write to; the files go into its folder ``data``, where `python -m metrics score` finds
            them.
        local_path: A copy, or a file in its shape, to read in place of the download; it is not verified.

    Returns:
        Number of dialogues of each split.

    Raises:
        ConnectionError: If the download fails or breaks off.
        ValueError: If what came is not the release, or a copy has another shape.
        OSError: If a copy cannot be read or a file not be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".partial-", dir=out) as scratch:
        source = str(local_path) if local_path else None
        builder = Kmi(config_name="original", cache_dir=f"{scratch}/cache", local_path=source)
        datasets.disable_progress_bars()
        builder.download_and_prepare()
        splits = builder.as_dataset()
        for split, rows in splits.items():
            rows.to_parquet(Path(scratch) / f"original-{split}.parquet")
        (out / "data").mkdir(exist_ok=True)
        for path in Path(scratch).glob("*.parquet"):
            path.replace(out / "data" / path.name)
    return {split: rows.num_rows for split, rows in splits.items()}
