"""The command: a fresh file, a clock that the story sets, twelve chapters, and the proof at the end."""

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, ClassVar, Final, Literal

import attrs
from cyclopts import Parameter

from tokolib.cli.demo.books import close_the_books
from tokolib.cli.demo.buying import check_out, fill_cart, read_quote
from tokolib.cli.demo.corners import let_expire, race
from tokolib.cli.demo.opening import offer_delivery_and_promotions, open_the_shop
from tokolib.cli.demo.parcels import invoice, ship_in_two, take_back
from tokolib.cli.demo.shelves import import_catalogue
from tokolib.cli.demo.stage import Scene, stage
from tokolib.cli.demo.teller import Teller
from tokolib.kernel import TokolibError

NAME: Final = "toko-kenanga.db"


@attrs.frozen
class FileExists(TokolibError):
    """The demo starts from nothing, and never writes into a file that somebody has. Nothing was changed."""

    code: ClassVar[str] = "demo.file_exists"
    status: ClassVar[int] = 409
    file: str

    def __str__(self) -> str:
        return f"{self.file} exists already"

    @property
    def hint(self) -> str:
        return "name a file that doesn't exist yet, or leave --into out"


def demo(
    *,
    lang: Annotated[Literal["id", "en"], Parameter(help="The language of the story.")] = "id",
    into: Annotated[Path | None, Parameter(help="The SQLite file to write, which is kept.")] = None,
    keep: Annotated[bool, Parameter(help="Keep the file, wherever it is.", negative="")] = False,
) -> int:
    """Run a small Indonesian shop through, from its first import to the proof of its books.

    The last line is `verify: OK`.
    """
    if into is not None and into.exists():
        raise FileExists(str(into))
    with ExitStack() as after:
        file = into or Path(tempfile.mkdtemp(prefix="tokolib-demo-")) / NAME
        if into is None and not keep:
            after.callback(shutil.rmtree, file.parent, ignore_errors=True)
        return _play(Teller.of(lang), file, kept=into is not None or keep)


def _play(tell: Teller, file: Path, *, kept: bool) -> int:
    with stage(tell, file) as scene:
        _before_opening(scene)
        _a_sale(scene)
        let_expire(scene)
        race(scene)
        report = close_the_books(scene)
    if kept:
        tell.say("end.kept", file=str(file))
    tell.plain(str(report))
    return 0 if report.ok else 1


def _before_opening(scene: Scene) -> None:
    open_the_shop(scene)
    import_catalogue(scene)
    offer_delivery_and_promotions(scene)


def _a_sale(scene: Scene) -> None:
    cart = fill_cart(scene)
    quote = read_quote(scene, cart)
    order = check_out(scene, quote)
    ship_in_two(scene, order)
    invoice(scene, order)
    take_back(scene, order)
