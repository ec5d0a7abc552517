"""The adapters that other packages bring; one that is broken is named, and the others are looked at all the same."""

from collections.abc import Iterator

from tokolib.adapters.urls import BUILTIN, KIND, answering_for, installed
from tokolib.cli.doctor.finding import Finding, ok, refused, warning
from tokolib.kernel.errors import TokolibError


def adapters() -> Iterator[Finding]:
    """Our own by their schemes, and each that another package brings."""
    yield ok("adapters", f"built in: {', '.join(BUILTIN)}")
    for point in sorted(installed(), key=lambda point: point.name):
        about, scheme = f"adapter {point.name.removeprefix(KIND)}", point.name.removeprefix(KIND)
        package = f"{point.dist.name} {point.dist.version}" if point.dist is not None else "an unknown package"
        if scheme in BUILTIN:
            text = f"package {package} brings one for {scheme}://, which is never asked: that scheme is tokolib's own"
            yield warning(about, text, f"uninstall {package}, or let it choose another scheme")
            continue
        try:
            with answering_for(point):
                point.load()
        except TokolibError as error:
            yield refused(about, error)
        else:
            yield ok(about, f"package {package}")
