"""A backup of a site that goes on booking."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.site import Site
from tests.soak.furnished import Crowd, Furnished
from tests.soak.scale import Report, scaled


def test_a_backup_made_while_customers_book_is_whole(
    furnish: Callable[..., Furnished], make_site: Callable[..., Site], report: Report, tmp_path: Path
) -> None:
    furnished = furnish(hosts=3)
    for number in range(scaled(1, 5)):
        crowd = Crowd(furnished, 6)
        crowd.come()
        time.sleep(1)
        before = crowd.acknowledged
        archive = tmp_path / f"backup{number}.tar.gz"
        furnished.site.run("backup", str(archive))
        crowd.go()
        restored = make_site(migrated=False)
        restored.run("restore", str(archive))
        assert restored.run("verify", check=False).returncode == 0
        furnished.site, original = restored, furnished.site
        stored = furnished.stored()
        furnished.site = original
        assert before.items() <= stored.items()
        report.note(f"{len(before)} bookings before the backup, {len(stored)} in it, {len(crowd.acknowledged)} after")
    assert furnished.verify() == ""
