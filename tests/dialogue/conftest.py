from __future__ import annotations

import pytest

from tests.dialogue.scene import Scene


@pytest.fixture
def person() -> Scene:
    """Somebody who has pressed Start, in English, while both organisations have somebody on duty."""
    scene = Scene()
    scene.commands("start")
    return scene


@pytest.fixture
def newcomer() -> Scene:
    """Somebody who has never written."""
    return Scene()
