"""The only users of Pillow and zxing-cpp: pictures of strangers made anew, covers and codes drawn.

`cover` and `qr` are imported by name where something is drawn: a publish, which only makes renditions, needs neither.
"""

from aggregator.images.renditions import (
    COVER_SQUARE,
    COVER_WIDE,
    MAX_ANIMATION,
    MAX_PIXELS,
    WORKERS,
    Picture,
    PictureWorkers,
    Rendition,
    Upload,
    cut_covers,
    drop_position,
    explain_refusal,
    make_renditions,
    make_upload,
    read_picture,
)

__all__ = [
    "COVER_SQUARE",
    "COVER_WIDE",
    "MAX_ANIMATION",
    "MAX_PIXELS",
    "WORKERS",
    "Picture",
    "PictureWorkers",
    "Rendition",
    "Upload",
    "cut_covers",
    "drop_position",
    "explain_refusal",
    "make_renditions",
    "make_upload",
    "read_picture",
]
