"""Push: the dataset's folder to the Hub, as one commit with the version as its tag.

Source:
    huggingface_hub, `HfApi`; the client alone knows the Hub's endpoints.
"""

from pathlib import Path

from huggingface_hub import HfApi, get_token
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import validate_repo_id

from dataset_card.publish_checks import SUFFIXES, Check, check_folder, files_to_publish
from dataset_card.versions import TAG
from kmi import DATA_VERSION

REPO_TYPE = "dataset"
HTTP_ERRORS = (HfHubHTTPError, HfHubHTTPError.__bases__[0])
"""Refusals of the Hub and, one class up, every failure of whichever HTTP library this client is built on."""


class PushError(ValueError):
    """Nothing was published, or not all; the message says what to do."""


def describe_push(repo_id: str, folder: Path) -> str:
    """Say what a push would do, without asking the Hub anything.

    Args:
        repo_id: Repository on the Hub, ``owner/name``.
        folder: The dataset repository, such as ``kmi``.

    Returns:
        The files with their sizes, the tag, and every check, all of which hold.

    Raises:
        PushError: If a check does not hold.
        ValueError: If `repo_id` is no name of a repository.
    """
    _check_repo_id(repo_id)
    checks = check_folder(folder)
    files = [f"  {path.relative_to(folder)}  {path.stat().st_size:,} B" for path in files_to_publish(folder)]
    lines = [f"datasets/{repo_id}, tag {TAG}, {len(files)} files:", *files, *map(_line, checks)]
    if any(check.fault for check in checks):
        raise PushError("\n".join(["not ready to publish", *lines]))
    return "\n".join(lines)


def push(repo_id: str, folder: Path, *, is_private: bool = False) -> str:
    """Upload the folder as one commit and tag it; the same call again goes on where one broke off.

    Args:
        repo_id: Repository on the Hub, ``owner/name``; made if it is not there.
        folder: The dataset repository; it has passed `describe_push`.
        is_private: Whether a repository that is made is private.

    Returns:
        Address of the commit.

    Raises:
        PushError: If the tag is there already, no token is, or the Hub refuses.
    """
    if get_token() is None:
        raise PushError("no token for the Hub: run `hf auth login` or set HF_TOKEN")
    api = HfApi()
    try:
        api.create_repo(repo_id, repo_type=REPO_TYPE, private=is_private, exist_ok=True)
        refs = api.list_repo_refs(repo_id, repo_type=REPO_TYPE)
        if TAG in [tag.name for tag in refs.tags]:
            raise PushError(
                f"{repo_id} has a tag {TAG}; what is published never changes: raise DATA_VERSION in kmi.py"
            )
        commit = api.upload_folder(
            repo_id=repo_id,
            repo_type=REPO_TYPE,
            folder_path=folder,
            commit_message=f"Version {DATA_VERSION}",
            delete_patterns=[f"*{suffix}" for suffix in SUFFIXES],  # files of an earlier version
        )
        api.create_tag(repo_id, repo_type=REPO_TYPE, tag=TAG, revision=commit.oid)
    except HTTP_ERRORS as error:
        reason = " ".join(str(error).split())
        raise PushError(f"the Hub did not take it ({reason}); see to it and push again") from error
    return f"{commit.commit_url}, tag {TAG}"


def _check_repo_id(repo_id: str) -> None:
    if repo_id.count("/") != 1:
        raise ValueError(f"{repo_id!r} is no repository: give owner/name")
    validate_repo_id(repo_id)


def _line(check: Check) -> str:
    return f"{'NO ' if check.fault else 'yes'} {check.name}" + (f": {check.fault}" if check.fault else "")
