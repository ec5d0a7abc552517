"""Malaysia: sales tax and service tax (SST) since 1 September 2018.

Sales tax is charged once, to the manufacturer and at import (Sales Tax Act 2018, s. 8): **a domestic retailer charges
none**, and class `standard` says so. The other classes are for those who are registered:

- `sales_tax` and `sales_tax_reduced`: a registered manufacturer's own goods, 10 and 5 %.
- `low_value_goods`: a registered seller's goods from abroad at no more than RM500 apiece, 10 % since 1 January 2024,
  of the price without delivery and insurance. The limit is the shop's to watch; tobacco, alcohol and the like are not
  among them.
- `service` and `service_reduced`: a registered provider's taxable services, 8 % since 1 March 2024 (6 % before), and
  6 % for food and drink, telecommunication, parking and logistics; `courier` is among the latter.

Checked on 22 November 2026 with public notices of the customs department, FMM circular CD/7/2024 and law firms'
alerts. Confidence: high for rates and days; medium for `courier` before 1 March 2024 and for `shipping`, which is
certain for low value goods only. That exports are exempt is from a tax adviser's booklet; the section was not read.
"""

from datetime import date
from typing import Final

from tokolib.tax.countries.rules import Tax
from tokolib.tax.model import COURIER, EXEMPT, EXPORT, SHIPPING, STANDARD, Rule, Treatment

SALES_TAX: Final = "sales_tax"
"""A registered manufacturer's own goods."""
SALES_TAX_REDUCED: Final = "sales_tax_reduced"
"""The same, where the order on rates says 5 %."""
LOW_VALUE_GOODS: Final = "low_value_goods"
"""A registered seller's goods from abroad at no more than RM500 apiece."""
SERVICE: Final = "service"
"""A registered provider's taxable services."""
SERVICE_REDUCED: Final = "service_reduced"
"""Those that stayed at 6 %: food and drink, telecommunication, parking, logistics."""

_SALES = Tax("MY", "SALES", "Cukai jualan")
_SERVICE = Tax("MY", "SERVICE", "Cukai perkhidmatan")
_SST = date(2018, 9, 1)
_ORDER = "Sales Tax (Rates of Tax) Order 2018; Order 2025 since 1 July 2025"
_RATE = "Service Tax (Rate of Tax) Order 2018"
_RATE_2024 = "Service Tax (Rate of Tax) (Amendment) Order 2024, P.U.(A) 64/2024"

MALAYSIA: Final[tuple[Rule, ...]] = (
    _SALES.untaxed(STANDARD, _SST, Treatment.EXEMPT, "Sales Tax Act 2018 s. 8: the manufacturer's and importer's tax"),
    _SALES.untaxed(SHIPPING, _SST, Treatment.EXEMPT, "Sales Tax Act 2018 s. 8: delivery is not in the price taxed"),
    _SALES.untaxed(EXEMPT, _SST, Treatment.EXEMPT, "Sales Tax (Goods Exempted from Tax) Order 2018; Order 2025"),
    _SALES.untaxed(EXPORT, _SST, Treatment.EXPORT, "Sales Tax Act 2018: goods exported are exempt"),
    _SALES.taxed(SALES_TAX, _SST, "10", _ORDER),
    _SALES.taxed(SALES_TAX_REDUCED, _SST, "5", _ORDER),
    _SALES.taxed(LOW_VALUE_GOODS, date(2024, 1, 1), "10", "P.U.(A) 403/2023 and 404/2023 (low value goods)"),
    _SERVICE.taxed(SERVICE, _SST, "6", _RATE),
    _SERVICE.taxed(SERVICE, date(2024, 3, 1), "8", _RATE_2024),
    *(
        rule
        for tax_class in (SERVICE_REDUCED, COURIER)
        for rule in (
            _SERVICE.taxed(tax_class, _SST, "6", _RATE),
            _SERVICE.taxed(tax_class, date(2024, 3, 1), "6", _RATE_2024),
        )
    ),
)
