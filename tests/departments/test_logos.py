"""Logos: read as pictures and nothing else, made small, without what came along, and changed by who may."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image, PngImagePlugin

from meeting_manager.departments.models import Department, DepartmentLogo
from meeting_manager.departments.pictures import LARGEST, Picture, digest_of, read_picture
from meeting_manager.departments.services import delete_department, edit_department, remove_logo, set_logo
from tests.cast import Cast
from tests.departments.pictures import HTML_IN_PNG, SVG, claiming, opened, picture, saved

SECRET = "taken at 52.5200 N"


def refusal(content: bytes, content_type: str = "image/png") -> str:
    with pytest.raises(ValidationError) as refused:
        read_picture(content, content_type)
    (message,) = refused.value.message_dict["logo"]
    return str(message)


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP"])
def test_each_format_is_taken_and_stays_itself(name: str) -> None:
    read = read_picture(picture(name), f"image/{name.lower()}")
    assert (read.content_type, read.width, read.height) == (f"image/{name.lower()}", 300, 100)
    assert opened(read.content).format == name
    assert read.digest == digest_of(read.content)


@pytest.mark.parametrize(
    ("size", "made"),
    [((3000, 1000), (480, 160)), ((1000, 1000), (160, 160)), ((2000, 100), (480, 24)), ((9, 7), (9, 7))],
)
def test_a_picture_is_scaled_down_to_fit_and_never_up(size: tuple[int, int], made: tuple[int, int]) -> None:
    read = read_picture(picture(size=size), "image/png")
    assert (read.width, read.height) == made == opened(read.content).size


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_pixels_is_read(mode: str) -> None:
    read = read_picture(saved(Image.new(mode, (30, 10))), "image/png")
    assert opened(read.content).mode == ("RGBA" if mode in {"LA", "RGBA"} else "RGB")


def test_what_can_be_seen_through_stays_so() -> None:
    clear = saved(Image.new("RGBA", (30, 10), "#2450c800"))
    assert opened(read_picture(clear, "image/png").content).getpixel((3, 3)) == (36, 80, 200, 0)


def test_a_photo_in_four_colours_becomes_one_that_screens_show() -> None:
    assert opened(read_picture(picture("JPEG", mode="CMYK"), "image/jpeg").content).mode == "RGB"


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP"])
def test_nothing_but_the_pixels_is_kept(name: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET
    exif[0x0112] = 6  # lies on its side
    more: dict[str, object] = {"icc_profile": SECRET.encode()} if name != "JPEG" else {"comment": SECRET}
    if name == "PNG":
        more["pnginfo"] = said = PngImagePlugin.PngInfo()
        said.add_text("Comment", SECRET)
    read = read_picture(saved(Image.new("RGB", (300, 100)), name, exif=exif, **more), f"image/{name.lower()}")
    assert SECRET.encode() not in read.content
    assert not opened(read.content).getexif()
    assert (read.width, read.height) == (53, 160)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (SVG, "image/svg+xml"),
        (SVG, "text/html"),
        (picture("GIF"), "image/gif"),
        (picture("PNG"), ""),
        (picture("PNG"), "application/json"),
        (picture("PNG"), "image/png, text/html"),
    ],
)
def test_other_types_are_refused_by_name(content: bytes, kind: str) -> None:
    assert refusal(content, kind) == f"Logo cannot be of the type '{kind}'. Please choose a PNG, JPEG or WebP picture."


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        HTML_IN_PNG,
        picture("JPEG"),
        picture("GIF"),
        picture("TIFF"),
        picture()[:-30],
        picture()[:40],
        b"\x89PNG\r\n\x1a\n",
        b"\x00" * 100,
    ],
    ids=["svg", "html", "jpeg", "gif", "tiff", "cut", "cut early", "signature", "zeros"],
)
def test_what_is_no_whole_picture_of_its_type_is_refused(content: bytes) -> None:
    assert refusal(content) == "Logo is no PNG picture, or a damaged one. Please choose a PNG, JPEG or WebP picture."


@pytest.mark.parametrize("name", ["JPEG", "WEBP"])
def test_a_picture_that_ends_early_is_refused(name: str) -> None:
    assert "or a damaged one" in refusal(picture(name, size=(900, 900))[:-40], f"image/{name.lower()}")


@pytest.mark.parametrize("size", [(4000, 3001), (20_000, 20_000), (2**31 - 1, 2**31 - 1), (12_000_001, 1)])
def test_a_picture_that_claims_too_many_pixels_is_refused_before_it_is_unpacked(size: tuple[int, int]) -> None:
    assert refusal(claiming(*size)).startswith("Logo has too many pixels: 12 million are the most.")


def test_an_upload_is_at_most_two_megabytes() -> None:
    assert refusal(b"") == "Logo is required. Please choose a PNG, JPEG or WebP picture."
    assert refusal(bytes(LARGEST + 1)) == "Logo must be at most 2 MB large. Please choose a smaller picture."


def stored(department: Department) -> DepartmentLogo | None:
    return DepartmentLogo.objects.filter(department=department).first()


def test_the_leader_and_system_managers_choose_and_remove_the_logo(cast: Cast) -> None:
    for actor in (cast.lead, cast.admin):
        logo = set_logo(actor=actor, department=cast.support, content=picture(), content_type="image/png")
        assert stored(cast.support) == logo
        assert bytes(logo.content) == read_picture(picture(), "image/png").content
        remove_logo(actor=actor, department=cast.support)
        remove_logo(actor=actor, department=cast.support)
        assert stored(cast.support) is None


@pytest.mark.parametrize("who", ["sarah", "outsider"])
def test_members_and_outsiders_do_not(cast: Cast, who: str) -> None:
    actor = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        set_logo(actor=actor, department=cast.support, content=picture(), content_type="image/png")
    with pytest.raises(PermissionDenied):
        remove_logo(actor=actor, department=cast.support)


def test_a_new_logo_takes_the_place_of_the_old_and_a_refused_one_does_not(cast: Cast) -> None:
    first = set_logo(actor=cast.lead, department=cast.support, content=picture(), content_type="image/png")
    second = set_logo(actor=cast.lead, department=cast.support, content=picture("WEBP"), content_type="image/webp")
    assert first.digest != second.digest
    with pytest.raises(ValidationError):
        set_logo(actor=cast.lead, department=cast.support, content=SVG, content_type="image/png")
    kept = stored(cast.support)
    assert kept is not None
    assert (kept.digest, kept.content_type) == (second.digest, "image/webp")


def test_finding_a_logo_leaves_its_picture_where_it_is(cast: Cast) -> None:
    set_logo(actor=cast.lead, department=cast.support, content=picture(), content_type="image/png")
    with CaptureQueriesContext(connection) as asked:
        assert "/book/support/logo/" in Department.objects.get(pk=cast.support.pk).logo_url
    assert len(asked) == 2
    assert '"content"' not in asked.captured_queries[1]["sql"]


def test_a_logo_goes_with_its_department(cast: Cast) -> None:
    set_logo(actor=cast.admin, department=cast.sales, content=picture(), content_type="image/png")
    cast.consultation.delete()
    delete_department(actor=cast.admin, department=cast.sales)
    assert not DepartmentLogo.objects.exists()


def test_an_accent_is_stored_and_taken_back(cast: Cast) -> None:
    edited = edit_department(actor=cast.admin, department=cast.support, changes={"accent_color": "#0F766E"})
    assert edited.accent_color == "#0f766e"
    assert edit_department(actor=cast.admin, department=cast.support, changes={"accent_color": ""}).accent_color == ""


def test_a_picture_knows_its_own_digest() -> None:
    assert Picture("image/png", b"", 1, 1).digest == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
