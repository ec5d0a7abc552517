"""A whole Django project in one file: a model of its own and an order, in one transaction."""

import tempfile
from pathlib import Path

import django
from django.conf import settings

FILE = Path(tempfile.mkdtemp()) / "kedai.db"

settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": FILE,
            "OPTIONS": {"transaction_mode": "IMMEDIATE"},  # the write lock from the beginning, or none
        }
    },
)
django.setup()

from django.db import connection, models, transaction  # noqa: E402
from django.http import JsonResponse  # noqa: E402

import tokolib  # noqa: E402
from tokolib import IDR, Basket, TokolibError  # noqa: E402
from tokolib.adapters.hosts import django as joining  # noqa: E402


class Visit(models.Model):
    """What the project keeps for itself."""

    page = models.TextField()

    class Meta:
        app_label = "kedai"


kedai = joining.shop(tokolib.open(f"sqlite:///{FILE}", country="ID"))  # in a project: once, in AppConfig.ready()


@transaction.atomic
def sell(basket: Basket, key: str) -> str:
    """A visit and an order, or neither."""
    Visit.objects.create(page="checkout")
    return str(kedai.orders.place(basket, tender="cash", key=key).reference)


def buy(request: object, sku: str, pieces: int, key: str) -> JsonResponse:
    """A view."""
    try:
        return JsonResponse({"order": sell(Basket({sku: pieces}), key)}, status=201)
    except TokolibError as error:
        return JsonResponse(error.problem(), status=error.status)


with connection.schema_editor() as editor:
    editor.create_model(Visit)
kedai.catalog.put("KOPI-250", "Kopi Gayo 250 g")
kedai.prices.put("KOPI-250", IDR(75_000))
kedai.stock.receive("KOPI-250", 5, key="opening")

print(buy(None, "KOPI-250", 2, "form-1").status_code, Visit.objects.count(), kedai.stock.available("KOPI-250"))
# > 201 1 3 pcs
print(buy(None, "KOPI-250", 9, "form-2").status_code, Visit.objects.count(), kedai.stock.available("KOPI-250"))
# > 409 1 3 pcs

connection.close()
kedai.close()
