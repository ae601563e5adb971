"""An environment that cannot be made says why."""

import pytest

from compat.environments import CompatError, make_environment


def test_environment_without_an_index_names_the_command_and_what_pip_said(tmp_path, monkeypatch):
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    with pytest.raises(CompatError, match=r"datasets==3\.6\.0.* failed; is the package index in reach"):
        make_environment(tmp_path / "env", "datasets==3.6.0", tmp_path / "kmi.whl")
