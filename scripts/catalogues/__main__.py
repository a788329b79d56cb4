"""`scripts/messages`: update the catalogues, or check them."""

import argparse
import sys

from scripts.catalogues import LANGUAGES, path_of, read
from scripts.catalogues.checking import faults
from scripts.catalogues.extracting import extract
from scripts.catalogues.merging import update

_MOST_SHOWN = 20


def main() -> int:
    """0: done, or nothing is missing; 1: something is."""
    parser = argparse.ArgumentParser(prog="scripts/messages", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail where a translation is missing")
    parser.add_argument("--all", action="store_true", help="show every fault, not only the first of them")
    options = parser.parse_args()
    found = extract()
    if not options.check:
        for language in LANGUAGES:
            update(language, found)
    failed = [_told(language, faults(read(language), found), show_all=options.all) for language in LANGUAGES]
    return 1 if options.check and any(failed) else 0


def _told(language: str, found: list[str], *, show_all: bool) -> bool:
    """Say what is wrong with a language, if anything is."""
    print(f"{language}: {len(found)} to mend in {path_of(language)}" if found else f"{language}: complete")
    shown = found if show_all else found[:_MOST_SHOWN]
    for fault in shown:
        print(f"  {fault}")
    if len(shown) < len(found):
        print(f"  … and {len(found) - len(shown)} more; --all shows them")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
