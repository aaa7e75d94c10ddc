"""Drawing a picture anew: what is kept is what it shows, and nothing else of the file that was handed in.

The way it was held is applied, then it is made no larger than needed, and its colours become those of every screen
(sRGB); where it was taken, by what and when is gone, as is whatever else was hidden in it. Of a moving picture the
first moment is kept: what moves by itself on a page keeps some from reading it. Pure: no Django.
"""

from __future__ import annotations

import io
import struct
import warnings

from PIL import Image, ImageCms, UnidentifiedImageError

from sidebyside.base.files import kinds
from sidebyside.base.files.kinds import FileRefused, Kind, Limits, Picture
from sidebyside.base.marking import N_

BROKEN = N_("This picture is broken: it cannot be shown to its end.")
TOO_MANY_PIXELS = N_(
    "This picture has %(pixels)s million pixels; at most %(limit)s million are taken. Make it smaller."
)

_FORMATS = {kinds.JPEG: "JPEG", kinds.PNG: "PNG", kinds.WEBP: "WEBP", kinds.GIF: "GIF"}
_QUALITY, _QUALITY_ON_A_PAGE = 85, 80
_LARGE_ON_A_PAGE = 512 * 1024
_LARGEST_PNG = 4 * 1024**2  # a photograph handed in as PNG is kept as JPEG
_SIXTEEN_BITS = ("I;16", "I;16L", "I;16B", "I;16N", "I")
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FAULTS = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, OverflowError)


def redraw(content: bytes, kind: Kind, limits: Limits = kinds.LIMITS) -> Picture:
    """The picture drawn anew, as JPEG, or as PNG where it is see-through or drawn.

    Sides in pixels. Its pixels are counted before any is decoded; of a large JPEG only as many are as are kept.
    Raises FileRefused.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # (of a limit that is not ours)
            with Image.open(io.BytesIO(content), formats=[_FORMATS[kind]]) as opened:
                _check_size(opened.size, limits.pixels if kind is kinds.JPEG else limits.pixels_whole)
                return _kept(_drawn(opened, limits), kind)
    except Image.DecompressionBombError:
        raise FileRefused(TOO_MANY_PIXELS, pixels=">178", limit=limits.pixels // 1_000_000) from None
    except _FAULTS:
        raise FileRefused(BROKEN) from None


def smaller(content: bytes, kind: Kind, side: int) -> Picture:
    """A picture that was drawn anew, made smaller for a page or for print where its longer side is longer than `side`
    pixels; a PNG of more than half a megabyte that is not see-through becomes a JPEG. Raises FileRefused."""
    with Image.open(io.BytesIO(content), formats=[_FORMATS[kind]]) as opened:
        if max(opened.size) <= side and len(content) <= _LARGE_ON_A_PAGE:
            return Picture(content, kind, *opened.size)
        picture = _drawn(opened, Limits(side=side))
    if picture.mode == "RGBA":
        return Picture(_written(picture, "PNG", optimize=True), kinds.PNG, *picture.size)
    return Picture(_written(picture, "JPEG", quality=_QUALITY_ON_A_PAGE), kinds.JPEG, *picture.size)


def _check_size(size: tuple[int, int], most: int) -> None:
    pixels = size[0] * size[1]
    if pixels > most:
        shown = {"pixels": -(-pixels // 1_000_000), "limit": most // 1_000_000}
        raise FileRefused(TOO_MANY_PIXELS, **shown)


def _drawn(opened: Image.Image, limits: Limits) -> Image.Image:
    """In red, green, blue (and how see-through), upright, in its final size."""
    profile = opened.info.get("icc_profile")
    if opened.format in ("JPEG", "MPO"):
        opened.draft(None, (limits.side, limits.side))
    held = _how_held(opened)
    picture = _plain(opened)
    picture.thumbnail((limits.side, limits.side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _in_srgb(picture.transpose(held) if held is not None else picture, profile)


def _how_held(opened: Image.Image) -> Image.Transpose | None:
    """How to turn it, as its camera wrote down (EXIF, tag 0x0112). What cannot be read says nothing."""
    try:
        return _UPRIGHT.get(int(opened.getexif().get(0x0112, 1)))
    except (*_FAULTS, struct.error, TypeError):
        return None


def _plain(opened: Image.Image) -> Image.Image:
    """Without a palette and with 8 bits a colour; colours of print stay until their profile is known."""
    opened.load()
    if opened.mode in _SIXTEEN_BITS:
        picture: Image.Image = opened.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif opened.mode in ("RGB", "RGBA", "L", "CMYK"):
        picture = opened.copy()
    else:
        see_through = "transparency" in opened.info or opened.mode in ("LA", "PA", "La", "RGBa")
        picture = opened.convert("RGBA" if see_through else "RGB")
    if picture.mode in ("RGB", "L") and "transparency" in opened.info:
        picture = opened.convert("RGBA")
    return picture


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """With the colours of every screen, and without a profile of its own. A profile that cannot be used is left."""
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    bare = picture.convert("RGB") if alpha is not None else picture
    bare.info = {}
    if profile:
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            bare = ImageCms.profileToProfile(bare, given, ImageCms.createProfile("sRGB"), outputMode="RGB") or bare
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    if bare.mode not in ("RGB", "L"):
        bare = bare.convert("RGB")
    if alpha is not None and alpha.getextrema() != (255, 255):
        bare = bare.convert("RGB")
        bare.putalpha(alpha)
    bare.info = {}
    return bare


def _kept(picture: Image.Image, kind: Kind) -> Picture:
    """As a file. A drawing stays sharp (PNG), a photograph small (JPEG)."""
    see_through = picture.mode == "RGBA"
    if see_through or kind in (kinds.PNG, kinds.GIF):
        content = _written(picture, "PNG", optimize=True)
        if see_through or len(content) <= _LARGEST_PNG:
            return Picture(content, kinds.PNG, *picture.size)
    content = _written(picture, "JPEG", quality=_QUALITY, optimize=True)
    return Picture(content, kinds.JPEG, *picture.size)


def _written(picture: Image.Image, form: str, **how: object) -> bytes:
    to = io.BytesIO()
    picture.save(to, form, **how)
    return to.getvalue()
