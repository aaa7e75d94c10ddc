"""Pictures are drawn anew: what is kept is what they show, and nothing else."""

import io
import tracemalloc

import pytest
from PIL import Image, ImageCms

from sidebyside.base.files import kinds, pictures
from sidebyside.base.files.kinds import FileRefused, Limits
from sidebyside.base.files.pictures import redraw
from sidebyside.base.files.pictures_apart import redraw_apart
from tests.base.files import samples


def shown(picture: kinds.Picture) -> Image.Image:
    found = Image.open(io.BytesIO(picture.content))
    found.load()
    return found


def near(colour, other, by=12) -> bool:
    return all(abs(one - two) <= by for one, two in zip(colour[:3], other[:3], strict=True))


def test_where_and_when_a_picture_was_taken_is_gone():
    given = samples.from_a_phone()
    assert b"SECRETPLACE" in given
    assert Image.open(io.BytesIO(given)).getexif().get_ifd(0x8825)
    kept = redraw(given, kinds.JPEG)
    assert b"SECRETPLACE" not in kept.content
    assert b"Exif" not in kept.content
    assert b"http://ns.adobe.com" not in kept.content
    again = shown(kept)
    assert not again.getexif()
    assert not {"comment", "icc_profile", "xmp", "exif"} & set(again.info)


@pytest.mark.parametrize(
    ("held", "size", "red_at"),
    [(1, (80, 40), (10, 20)), (3, (80, 40), (70, 20)), (6, (40, 80), (20, 10)), (8, (40, 80), (20, 70))],
)
def test_a_picture_stands_upright_however_it_was_held(held, size, red_at):
    kept = redraw(samples.from_a_phone(orientation=held), kinds.JPEG)
    assert (kept.width, kept.height) == size == shown(kept).size
    assert near(shown(kept).getpixel(red_at), (254, 0, 0), by=30)


def test_an_orientation_that_is_none_is_left():
    kept = redraw(samples.from_a_phone(orientation=77), kinds.JPEG)
    assert (kept.width, kept.height) == (80, 40)


def test_a_large_picture_is_made_smaller_and_keeps_its_shape():
    kept = redraw(samples.picture("JPEG", (600, 300)), kinds.JPEG, Limits(side=256))
    assert (kept.width, kept.height) == (256, 128)
    assert kept.kind is kinds.JPEG


def test_what_is_see_through_stays_so():
    kept = redraw(samples.picture("PNG", mode="RGBA", colour=(10, 200, 10, 100)), kinds.PNG)
    assert kept.kind is kinds.PNG
    assert shown(kept).getpixel((3, 3)) == (10, 200, 10, 100)
    as_webp = redraw(samples.picture("WEBP", mode="RGBA", colour=(10, 200, 10, 100), lossless=True), kinds.WEBP)
    assert as_webp.kind is kinds.PNG
    assert shown(as_webp).getpixel((3, 3)) == (10, 200, 10, 100)


def test_a_palette_with_one_see_through_colour_stays_so():
    drawn = Image.new("P", (4, 4), 0)
    drawn.putpalette([255, 0, 0, 0, 255, 0])
    drawn.putpixel((1, 1), 1)
    to = io.BytesIO()
    drawn.save(to, "GIF", transparency=1)
    again = shown(redraw(to.getvalue(), kinds.GIF))
    assert again.getpixel((0, 0)) == (255, 0, 0, 255)
    assert again.getpixel((1, 1))[3] == 0


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_of_a_moving_picture_the_first_moment_is_kept(form):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "green")]
    to = io.BytesIO()
    frames[0].save(to, form, save_all=True, append_images=frames[1:], duration=100)
    again = shown(redraw(to.getvalue(), getattr(kinds, form)))
    assert getattr(again, "n_frames", 1) == 1
    assert near(again.convert("RGB").getpixel((3, 3)), (255, 0, 0))


def test_colours_of_print_and_of_wider_screens_become_those_of_every_screen():
    in_print = redraw(samples.picture("JPEG", mode="CMYK", colour=(0, 255, 255, 0)), kinds.JPEG)
    assert shown(in_print).mode == "RGB"
    assert shown(in_print).getpixel((3, 3))[0] > 150
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    with_another = redraw(samples.picture("PNG", icc_profile=lab), kinds.PNG)
    assert "icc_profile" not in shown(with_another).info


def test_a_profile_that_is_none_is_left():
    kept = redraw(samples.picture("PNG", icc_profile=b"not a profile" * 20), kinds.PNG)
    assert shown(kept).getpixel((3, 3)) == (200, 30, 30)


def test_16_bits_a_colour_become_8():
    drawn = Image.new("I;16", (4, 4), 0x8000)
    to = io.BytesIO()
    drawn.save(to, "PNG")
    assert abs(shown(redraw(to.getvalue(), kinds.PNG)).getpixel((1, 1)) - 128) <= 1


def test_a_photograph_as_png_is_kept_as_jpeg(monkeypatch):
    monkeypatch.setattr(pictures, "_LARGEST_PNG", 10_000)
    to = io.BytesIO()
    Image.effect_noise((300, 300), 90).convert("RGB").save(to, "PNG")
    assert redraw(to.getvalue(), kinds.PNG).kind is kinds.JPEG


def test_nothing_hidden_behind_or_in_a_picture_is_kept():
    for form in ("JPEG", "PNG", "GIF", "WEBP"):
        hidden = samples.picture(form) + b"<script>alert(1)</script>" + samples.zipped({"a.js": "alert(1)"})
        kept = redraw(hidden, getattr(kinds, form))
        assert b"script" not in kept.content
        assert b"PK\x03\x04" not in kept.content


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (samples.picture("JPEG", (900, 900), colour=(1, 2, 3))[:400], kinds.JPEG),
        (samples.picture("PNG")[:60], kinds.PNG),
        (samples.picture("WEBP")[:30], kinds.WEBP),
        (b"GIF89a=1;alert(1)//" + bytes(100), kinds.GIF),
        (b"\xff\xd8\xff" + bytes(100), kinds.JPEG),
        (samples.picture("PNG"), kinds.JPEG),
        (b"\x89PNG\r\n\x1a\n" + b"<svg onload=alert(1)>", kinds.PNG),
    ],
    ids=["cut JPEG", "cut PNG", "cut WebP", "GIF that is a program", "no JPEG", "PNG that says JPEG", "no PNG"],
)
def test_what_cannot_be_shown_to_its_end_is_refused(content, kind):
    with pytest.raises(FileRefused) as refused:
        redraw(content, kind)
    assert refused.value.sentence == pictures.BROKEN


def test_a_bomb_is_refused_before_it_is_drawn():
    bomb = samples.png_bomb()
    assert len(bomb) < 50_000
    tracemalloc.start()
    try:
        with pytest.raises(FileRefused) as refused:
            redraw(bomb, kinds.PNG)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert refused.value.sentence == pictures.TOO_MANY_PIXELS


def test_the_number_of_pixels_is_said():
    with pytest.raises(FileRefused, match="has 2 million pixels; at most 1 million"):
        redraw(samples.picture("PNG", (1_100, 1_000)), kinds.PNG, Limits(pixels_whole=1_000_000))


def test_a_picture_of_a_phone_with_fifty_million_pixels_is_taken():
    # (which are 50.3 million: 8,192 by 6,144)
    kept = redraw(samples.picture("JPEG", (8_192, 6_144), mode="L", colour=90, quality=10), kinds.JPEG)
    assert (kept.width, kept.height) == (2_560, 1_920)


@pytest.mark.parametrize(("sides", "said"), [((10_000, 9_500), 95), ((20_000, 20_000), ">178")])
def test_the_number_of_pixels_is_said_of_more_than_the_library_opens_too(sides, said):
    with pytest.raises(FileRefused) as refused:
        redraw(samples.png_bomb(*sides), kinds.PNG)
    assert refused.value.sentence == pictures.TOO_MANY_PIXELS
    assert refused.value.values["pixels"] == said


# In a process of its own


def test_a_picture_drawn_apart_is_the_same():
    given = samples.from_a_phone()
    assert redraw_apart(given, kinds.JPEG) == redraw(given, kinds.JPEG)


def test_what_is_refused_apart_is_refused_here():
    with pytest.raises(FileRefused) as refused:
        redraw_apart(samples.png_bomb(8_000, 8_000), kinds.PNG)
    assert refused.value.sentence == pictures.TOO_MANY_PIXELS
    assert refused.value.values == {"pixels": 64, "limit": 25}


def test_a_picture_that_takes_too_long_is_refused():
    with pytest.raises(FileRefused) as refused:
        redraw_apart(samples.picture(), kinds.JPEG, Limits(seconds=0.01))
    assert refused.value.sentence == pictures.BROKEN


def test_a_picture_that_takes_too_much_memory_is_refused():
    little = Limits(memory=160 * 1024**2)
    assert redraw_apart(samples.picture("PNG"), kinds.PNG, little).width == 40
    with pytest.raises(FileRefused) as refused:
        redraw_apart(samples.picture("PNG", (4_900, 4_900)), kinds.PNG, little)
    assert refused.value.sentence == pictures.BROKEN
