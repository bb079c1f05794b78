import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from architecture.source import ROOT

Case = tuple[Path, dict[str, Any]]


@pytest.fixture(scope="session")
def reference() -> Callable[[str], Case]:
    """Folder and known answers of a case too large to be copied into a test.

    The cases (draws of dampack, BCEA and hesim, whose licenses keep them out of this repository)
    lie in a folder `shared` beside it, or above.
    """

    def case(name: str) -> Case:
        for above in ROOT.parents:
            folder = above / "shared" / "reference" / "cea" / name
            if folder.is_dir():
                return folder, json.loads((folder / "expected.json").read_text("utf-8"))
        pytest.skip("the reference cases are not here")

    return case
