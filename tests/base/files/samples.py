"""Files for tests, made here: honest ones and hostile ones."""

import io
import struct
import zipfile
import zlib

from PIL import Image, ImageCms

CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/{part}" ContentType="{kind}"/></Types>'
)
OOXML = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": ("word/document.xml", f"{OOXML}wordprocessingml.document.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{OOXML}presentationml.presentation.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OOXML}spreadsheetml.sheet.main+xml"),
    "docm": ("word/document.xml", "application/vnd.ms-word.document.macroEnabled.main+xml"),
}
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</manifest:manifest>'
)
LOCKED = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"


def picture(form="JPEG", size=(40, 30), mode="RGB", colour=(200, 30, 30), **how) -> bytes:
    """A plain picture."""
    to = io.BytesIO()
    Image.new(mode, size, colour).save(to, form, **how)
    return to.getvalue()


def from_a_phone(orientation=6, size=(80, 40)) -> bytes:
    """A JPEG with where it was taken (in EXIF, in XMP, and in words), the left half red."""
    drawn = Image.new("RGB", size, "blue")
    drawn.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "SECRETPLACE"
    exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 42.0, 0.0), 3: "W", 4: (9.0, 8.0, 0.0)})
    to = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    drawn.save(to, "JPEG", quality=95, exif=exif, comment=b"SECRETPLACE", icc_profile=profile)
    found = to.getvalue()
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><exif:GPSLatitude>SECRETPLACE</exif:GPSLatitude></x:xmpmeta>"
    return found[:2] + b"\xff\xe1" + struct.pack(">H", len(xmp) + 2) + xmp + found[2:]


def png_bomb(width=40_000, height=40_000) -> bytes:
    """A small PNG that says it is very large."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width // 8 + 1) * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def zipped(parts: dict[str, bytes | str], stored=()) -> bytes:
    """A zip of these parts."""
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=how)
    return to.getvalue()


def office(kind="docx", **more: bytes) -> bytes:
    """A document of Word, PowerPoint or Excel with no more than makes it one; `more` parts by name, `__` for a /."""
    part, content_type = MAIN[kind]
    types = CONTENT_TYPES.format(part=part, kind=content_type)
    parts: dict[str, bytes | str] = {"[Content_Types].xml": types, "_rels/.rels": "<Relationships/>", part: "<w/>"}
    return zipped(parts | {name.replace("__", "/"): content for name, content in more.items()})


def open_document(kind="text", manifest="", **more: bytes) -> bytes:
    """A document of LibreOffice."""
    parts: dict[str, bytes | str] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": "<office/>",
        "META-INF/manifest.xml": MANIFEST.format(manifest),
    }
    return zipped(parts | {name.replace("__", "/"): content for name, content in more.items()}, stored=("mimetype",))


def pdf(inside: bytes = b"") -> bytes:
    """A PDF of one empty page; `inside` stands in its catalogue."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R" + inside + b">>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )


def pdf_with_hidden_program() -> bytes:
    """A PDF whose program stands in a compressed stream of objects."""
    objects = zlib.compress(b"4 0 <</S/JavaScript/JS(app.alert\\(1\\))>>")
    stream = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(objects)
    return b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n5 0 obj" + stream + objects + b"\nendstream endobj\n%%EOF\n"
