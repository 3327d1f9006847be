"""The only users of Pillow and segno: pictures of strangers made anew, covers and codes drawn.

`cover` and `qr` are imported by name where something is drawn: a publish, which only makes renditions, needs neither.
"""

from aggregator.images.renditions import (
    MAX_ANIMATION,
    MAX_PIXELS,
    WORKERS,
    Picture,
    PictureWorkers,
    Rendition,
    drop_position,
    explain_refusal,
    make_renditions,
    read_picture,
)

__all__ = [
    "MAX_ANIMATION",
    "MAX_PIXELS",
    "WORKERS",
    "Picture",
    "PictureWorkers",
    "Rendition",
    "drop_position",
    "explain_refusal",
    "make_renditions",
    "read_picture",
]
