"""Names for people whose names nobody shall know: two neutral words, drawn at random."""

from __future__ import annotations

import secrets
from typing import Final

# Nothing that judges, belittles, names a body, a place of the compass or a side.
_FIRST: Final = (
    "Amber Autumn Azure Blue Bright Bronze Calm Clear Copper Coral Crystal Dewy Early Evening Gentle Golden Green "
    "Hazel Indigo Ivory Jade Lilac Linen Lively Marble Mellow Midday Mild Misty Morning Mossy Opal Orange Oaken "
    "Pearl Placid Pebbled Purple Quiet Rosy Round Russet Sandy Saffron Serene Shaded Sage Silver Snowy Soft "
    "Steady Still Sunny Swift Teal Tranquil Turquoise Umber Verdant Violet Warm Wide Winding Yellow"
).split()
_SECOND: Final = (
    "Acorn Almond Anchor Apple Aspen Beech Birch Bramble Breeze Brook Canyon Cedar Chestnut Clover Cloud Comet "
    "Crane Daisy Drum Elm Easel Fern Feather Finch Flute Forest Garden Harbour Harp Heron Hill Island Juniper "
    "Kettle Lake Lantern Lark Lemon Linden Maple Meadow Moon Oak Orchard Pebble Pine Poplar Quince Rain River "
    "Robin Sail Sundial Sparrow Spring Star Stone Swallow Thistle Valley Walnut Willow Window Wren"
).split()


def new() -> str:
    """For example "Quiet Heron"; never derived from anything about the person."""
    return f"{secrets.choice(_FIRST)} {secrets.choice(_SECOND)}"
