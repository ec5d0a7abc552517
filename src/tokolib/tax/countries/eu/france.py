"""France: the continent, Corsica and the overseas departments.

Code général des impôts (CGI), whose articles on VAT went unchanged in substance into the Code des impositions sur les
biens et services (CIBS, art. L. 211-1 ff.) on 1 September 2026, by ordinance 2025-1247; the old numbers, which are
cited here, may stand on invoices until 31 December 2027. The reduced rate is 5.5 %, the intermediate one 10 %, and
2.1 % (press, reimbursed medicines) is below what EU law calls reduced.

Guadeloupe (971), Martinique (972) and Réunion (974) bear 8.5 % and 2.1 %; press 1.05 %, reimbursed medicines 2.1 %.
From the continent they are export territory (CGI art. 294(2)): a sale sent there is class `export`, and the regions'
rates are for a seller in the department. French Guiana (973) and Mayotte (976) have no VAT.

Corsica (20R) has the continent's rates, but food bears 2.1 % there: class `super_reduced`. Art. 297 has 10, 13 and
0.9 % for works, petroleum products, livestock and first performances, which are not written here.

Confidence: high for the continent; high for 8.5 and 2.1 % (BOI-TVA-GEO-20-10), medium for the press at 1.05 %.
"""

from datetime import date
from typing import Final

from tokolib.tax.countries.rules import INTERMEDIATE, SUPER_REDUCED, Tax, delivered_with, outside
from tokolib.tax.model import EXEMPT, EXPORT, REDUCED, STANDARD, Rule, Treatment

_FR = Tax("FR", "VAT", "TVA")
_DEPARTMENTS = ("971", "972", "974")
_FR_GOODS = (
    _FR.taxed(STANDARD, date(2014, 1, 1), "20", "CGI art. 278"),
    *(_FR.taxed(STANDARD, date(2014, 1, 1), "8.5", "CGI art. 296", region=region) for region in _DEPARTMENTS),
)
_FR_ALL = (
    *_FR_GOODS,
    *delivered_with(_FR_GOODS),
    _FR.taxed(INTERMEDIATE, date(2014, 1, 1), "10", "CGI art. 278 bis, 279"),
    _FR.taxed(REDUCED, date(2014, 1, 1), "5.5", "CGI art. 278-0 bis"),
    _FR.taxed(SUPER_REDUCED, date(2014, 1, 1), "2.1", "CGI art. 281 octies, 298 septies"),
    *(
        _FR.taxed(tax_class, date(2014, 1, 1), "2.1", "CGI art. 296", region=region)
        for region in _DEPARTMENTS
        for tax_class in (INTERMEDIATE, REDUCED)
    ),
    *(
        _FR.taxed(SUPER_REDUCED, date(2014, 1, 1), "1.05", "CGI art. 296 bis (press)", region=region)
        for region in _DEPARTMENTS
    ),
    _FR.taxed(SUPER_REDUCED, date(2014, 1, 1), "2.1", "CGI art. 297 (food included)", region="20R"),
    _FR.untaxed(EXPORT, date(2014, 1, 1), Treatment.EXPORT, "CGI art. 262(I)"),
    _FR.untaxed(EXEMPT, date(2014, 1, 1), Treatment.EXEMPT, "CGI art. 261"),
)
FRANCE: Final[tuple[Rule, ...]] = (
    *_FR_ALL,
    *(rule for region in ("973", "976") for rule in outside(_FR_ALL, region, "CGI art. 294(1) and (2)")),
)
