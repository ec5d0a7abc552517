"""Cyprus, Greece, Italy and Malta.

Cyprus, VAT Law 95(I)/2000: 19, 9, 5 and, since 21 July 2023, 3 % (books and aids for the disabled, 5 % before).
Class `zero` includes what decrees listed for a time: bread, milk, eggs and diapers from 5 May 2023, meat and vegetables
from 1 December 2023; for 2026 infant milk, diapers, vegetables and fruit (decree 337/2025). Which goods they list on a
day is not followed here.

Greece, VAT Code: Law 2859/2000 to 2024, Law 5144/2024 since. Some islands bear 30 % less (region `ISLANDS`, which is
not in ISO 3166-2): Leros, Lesbos, Kos, Samos and Chios since 2017 at least, and since 1 January 2026 also the islands
of the North Aegean, the Dodecanese and Samothrace with at most 20,000 inhabitants (Law 5246/2025, circular
E.2113/2025). The lower rates are for sellers and goods on the island; not for tobacco and vehicles. `super_reduced`
is the 4 % (3 % on islands) that the circular names: medium, its first day was not found. Mount Athos (69) is outside.

Italy, DPR 633/1972: 22, 10, 5 and 4 %. Livigno and Campione d'Italia (regions `LIVIGNO`, `CAMPIONE`) are outside.

Malta, VAT Act (Cap. 406), Eighth Schedule: 18, 7 and 5 %, and since 1 January 2024 12 % on a few services, which bore
18 % before (Legal Notice 231 of 2023). Food and medicines are zero-rated (Fifth Schedule, part one).

Confidence: high but where said.
"""

from datetime import date
from typing import Final

from tokolib.tax.countries.rules import PARKING, SECOND_REDUCED, SUPER_REDUCED, Tax, delivered_with, outside
from tokolib.tax.model import EXEMPT, EXPORT, REDUCED, STANDARD, ZERO, Rule, Treatment

_CY = Tax("CY", "VAT", "ΦΠΑ")
_CY_GOODS = (_CY.taxed(STANDARD, date(2014, 1, 13), "19", "VAT Law 95(I)/2000 s. 17"),)
CYPRUS: Final[tuple[Rule, ...]] = (
    *_CY_GOODS,
    *delivered_with(_CY_GOODS),
    _CY.taxed(REDUCED, date(2014, 1, 13), "9", "VAT Law 95(I)/2000 s. 18 and Twelfth Schedule"),
    _CY.taxed(SECOND_REDUCED, date(2014, 1, 13), "5", "VAT Law 95(I)/2000 s. 18 and Fifth Schedule"),
    _CY.taxed(SUPER_REDUCED, date(2017, 1, 1), "5", "VAT Law 95(I)/2000 s. 18 and Fifth Schedule"),
    _CY.taxed(SUPER_REDUCED, date(2023, 7, 21), "3", "Law 75(I)/2023"),
    _CY.untaxed(ZERO, date(2017, 1, 1), Treatment.ZERO, "VAT Law 95(I)/2000 s. 25 and Sixth Schedule"),
    _CY.untaxed(EXPORT, date(2017, 1, 1), Treatment.EXPORT, "VAT Law 95(I)/2000 s. 25"),
    _CY.untaxed(EXEMPT, date(2017, 1, 1), Treatment.EXEMPT, "VAT Law 95(I)/2000 s. 26 and Seventh Schedule"),
)

_GR = Tax("GR", "VAT", "ΦΠΑ")
_ISLANDS = "ISLANDS"
_GR_CODE = "VAT Code (Law 2859/2000 art. 21; Law 5144/2024 art. 26)"
_GR_ISLANDS = "VAT Code (Law 2859/2000 art. 21(4); Law 5144/2024 art. 26(4)): 30 % less"
_GR_GOODS = (
    _GR.taxed(STANDARD, date(2010, 7, 1), "23", "Law 2859/2000 art. 21"),
    _GR.taxed(STANDARD, date(2016, 6, 1), "24", _GR_CODE),
    _GR.taxed(STANDARD, date(2017, 1, 1), "17", _GR_ISLANDS, region=_ISLANDS),
)
_GR_ALL = (
    *_GR_GOODS,
    *delivered_with(_GR_GOODS),
    _GR.taxed(REDUCED, date(2011, 1, 1), "13", f"{_GR_CODE}, annex III"),
    _GR.taxed(REDUCED, date(2017, 1, 1), "9", _GR_ISLANDS, region=_ISLANDS),
    _GR.taxed(SECOND_REDUCED, date(2017, 1, 1), "6", f"{_GR_CODE}, annex III"),
    _GR.taxed(SECOND_REDUCED, date(2017, 1, 1), "4", _GR_ISLANDS, region=_ISLANDS),
    _GR.taxed(SUPER_REDUCED, date(2026, 1, 1), "4", "circular E.2113/2025 (medium: first day not found)"),
    _GR.taxed(
        SUPER_REDUCED, date(2026, 1, 1), "3", "circular E.2113/2025 (medium: first day not found)", region=_ISLANDS
    ),
    _GR.untaxed(EXPORT, date(2010, 7, 1), Treatment.EXPORT, "VAT Code (Law 2859/2000 art. 24 and its successor)"),
    _GR.untaxed(EXEMPT, date(2010, 7, 1), Treatment.EXEMPT, "VAT Code (Law 2859/2000 art. 22 and its successor)"),
)
GREECE: Final[tuple[Rule, ...]] = (*_GR_ALL, *outside(_GR_ALL, "69", "Directive 2006/112/EC art. 6(1)a"))

_IT = Tax("IT", "VAT", "IVA")
_IT_GOODS = (
    _IT.taxed(STANDARD, date(2011, 9, 17), "21", "DPR 633/1972 art. 16"),
    _IT.taxed(STANDARD, date(2013, 10, 1), "22", "DPR 633/1972 art. 16"),
)
_IT_ALL = (
    *_IT_GOODS,
    *delivered_with(_IT_GOODS),
    _IT.taxed(REDUCED, date(1995, 2, 24), "10", "DPR 633/1972 art. 16 and table A part III"),
    _IT.taxed(SECOND_REDUCED, date(2016, 1, 1), "5", "DPR 633/1972 art. 16 and table A part II-bis"),
    _IT.taxed(SUPER_REDUCED, date(1989, 1, 1), "4", "DPR 633/1972 art. 16 and table A part II"),
    _IT.untaxed(EXPORT, date(2011, 9, 17), Treatment.EXPORT, "DPR 633/1972 art. 8"),
    _IT.untaxed(EXEMPT, date(2011, 9, 17), Treatment.EXEMPT, "DPR 633/1972 art. 10"),
)
ITALY: Final[tuple[Rule, ...]] = (
    *_IT_ALL,
    *(rule for region in ("LIVIGNO", "CAMPIONE") for rule in outside(_IT_ALL, region, "DPR 633/1972 art. 7 and 8")),
)

_MT = Tax("MT", "VAT", "VAT")
_MT_GOODS = (_MT.taxed(STANDARD, date(2004, 1, 1), "18", "VAT Act (Cap. 406)"),)
MALTA: Final[tuple[Rule, ...]] = (
    *_MT_GOODS,
    *delivered_with(_MT_GOODS),
    _MT.taxed(REDUCED, date(2011, 1, 1), "7", "VAT Act (Cap. 406) Eighth Schedule"),
    _MT.taxed(SECOND_REDUCED, date(1999, 1, 1), "5", "VAT Act (Cap. 406) Eighth Schedule"),
    _MT.taxed(PARKING, date(2004, 1, 1), "18", "VAT Act (Cap. 406)"),
    _MT.taxed(PARKING, date(2024, 1, 1), "12", "Legal Notice 231 of 2023 (Eighth Schedule)"),
    _MT.untaxed(ZERO, date(2004, 1, 1), Treatment.ZERO, "VAT Act (Cap. 406) Fifth Schedule part one"),
    _MT.untaxed(EXPORT, date(2004, 1, 1), Treatment.EXPORT, "VAT Act (Cap. 406) Fifth Schedule part one"),
    _MT.untaxed(EXEMPT, date(2004, 1, 1), Treatment.EXEMPT, "VAT Act (Cap. 406) Fifth Schedule part two"),
)
