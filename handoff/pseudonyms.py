"""Names for people whose names nobody shall know: two neutral words, drawn at random."""

from __future__ import annotations

import secrets

_FIRST = (
    "Amber Blue Bright Calm Clear Copper Early Gentle Golden Green Hazel Indigo Ivory Late Light Little Lucky Mild "
    "Misty Northern Open Pale Quiet Red Round Rosy Silver Small Soft Southern Still Sunny Swift Tall Warm White Wide"
).split()
_SECOND = (
    "Acorn Beech Birch Bridge Brook Cedar Clover Cloud Crane Dove Elm Fern Finch Garden Harbour Heron Hill Island "
    "Lake Lantern Lark Linden Maple Meadow Moon Morning Oak Pebble Pine River Robin Sparrow Spring Star Stone Swallow "
    "Thistle Valley Willow Window"
).split()


def new() -> str:
    """For example "Quiet Heron"; never derived from anything about the person."""
    return f"{secrets.choice(_FIRST)} {secrets.choice(_SECOND)}"
