"""Bulgaria, Croatia, Romania and Slovenia.

Bulgaria, VAT Act: 20 and 9 %. Books bear 9 % since 1 July 2020 (class `books`; periodicals since 2023), and bread and
flour bore nothing from 1 July 2022 to 31 December 2024 (class `basic_food`).

Croatia, VAT Act (Zakon o PDV): 25, 13 and 5 %. A zero rate, for solar panels on homes, was added on 1 October 2022
(NN 113/2022). Firewood and heating moved between 13 and 5 %.

Romania, Fiscal Code: on 1 August 2025 (Law 141/2025) 19 became 21 %, and both 9 and 5 % became 11 %: both classes bear
it since. Some homes bore 9 % until 31 July 2026, which is not written.

Slovenia, ZDDV-1: 22, 9.5 and, since 1 January 2020, 5 % (books and newspapers, 9.5 % before).

Confidence: high.
"""

from datetime import date
from typing import Final

from tokolib.tax.countries.rules import BASIC_FOOD, BOOKS, SECOND_REDUCED, Tax, delivered_with
from tokolib.tax.model import EXEMPT, EXPORT, REDUCED, STANDARD, ZERO, Rule, Treatment

_BG = Tax("BG", "VAT", "ДДС")
_BG_GOODS = (_BG.taxed(STANDARD, date(1999, 1, 1), "20", "VAT Act art. 66(1)"),)
BULGARIA: Final[tuple[Rule, ...]] = (
    *_BG_GOODS,
    *delivered_with(_BG_GOODS),
    _BG.taxed(REDUCED, date(2011, 4, 1), "9", "VAT Act art. 66(2)"),
    _BG.taxed(BOOKS, date(2017, 1, 1), "20", "VAT Act art. 66(1)"),
    _BG.taxed(BOOKS, date(2020, 7, 1), "9", "VAT Act art. 66 and transitional provisions; permanent since 2023"),
    _BG.taxed(BASIC_FOOD, date(2017, 1, 1), "20", "VAT Act art. 66(1)"),
    _BG.untaxed(
        BASIC_FOOD, date(2022, 7, 1), Treatment.ZERO, "VAT Act, transitional provisions (bread), to 31 December 2024"
    ),
    _BG.taxed(BASIC_FOOD, date(2025, 1, 1), "20", "VAT Act art. 66(1)"),
    _BG.untaxed(EXPORT, date(2007, 1, 1), Treatment.EXPORT, "VAT Act art. 28"),
    _BG.untaxed(EXEMPT, date(2007, 1, 1), Treatment.EXEMPT, "VAT Act art. 38 to 49"),
)

_HR = Tax("HR", "VAT", "PDV")
_HR_GOODS = (_HR.taxed(STANDARD, date(2012, 3, 1), "25", "VAT Act art. 38(1)"),)
CROATIA: Final[tuple[Rule, ...]] = (
    *_HR_GOODS,
    *delivered_with(_HR_GOODS),
    _HR.taxed(REDUCED, date(2014, 1, 1), "13", "VAT Act art. 38(3)"),
    _HR.taxed(SECOND_REDUCED, date(2013, 1, 1), "5", "VAT Act art. 38(2)"),
    _HR.untaxed(ZERO, date(2022, 10, 1), Treatment.ZERO, "VAT Act art. 38(6) (NN 113/2022: solar panels)"),
    _HR.untaxed(EXPORT, date(2013, 7, 1), Treatment.EXPORT, "VAT Act art. 45"),
    _HR.untaxed(EXEMPT, date(2013, 7, 1), Treatment.EXEMPT, "VAT Act art. 39 and 40"),
)

_RO = Tax("RO", "VAT", "TVA")
_RO_2025 = "Fiscal Code art. 291(2) (Law 141/2025)"
_RO_GOODS = (
    _RO.taxed(STANDARD, date(2016, 1, 1), "20", "Fiscal Code art. 291(1)"),
    _RO.taxed(STANDARD, date(2017, 1, 1), "19", "Fiscal Code art. 291(1)"),
    _RO.taxed(STANDARD, date(2025, 8, 1), "21", "Fiscal Code art. 291(1) (Law 141/2025)"),
)
ROMANIA: Final[tuple[Rule, ...]] = (
    *_RO_GOODS,
    *delivered_with(_RO_GOODS),
    _RO.taxed(REDUCED, date(2016, 1, 1), "9", "Fiscal Code art. 291(2)"),
    _RO.taxed(REDUCED, date(2025, 8, 1), "11", _RO_2025),
    _RO.taxed(SECOND_REDUCED, date(2016, 1, 1), "5", "Fiscal Code art. 291(3)"),
    _RO.taxed(SECOND_REDUCED, date(2025, 8, 1), "11", _RO_2025),
    _RO.untaxed(EXPORT, date(2016, 1, 1), Treatment.EXPORT, "Fiscal Code art. 294"),
    _RO.untaxed(EXEMPT, date(2016, 1, 1), Treatment.EXEMPT, "Fiscal Code art. 292"),
)

_SI = Tax("SI", "VAT", "DDV")
_SI_GOODS = (_SI.taxed(STANDARD, date(2013, 7, 1), "22", "ZDDV-1 art. 41"),)
SLOVENIA: Final[tuple[Rule, ...]] = (
    *_SI_GOODS,
    *delivered_with(_SI_GOODS),
    _SI.taxed(REDUCED, date(2013, 7, 1), "9.5", "ZDDV-1 art. 41 and annex I"),
    _SI.taxed(SECOND_REDUCED, date(2013, 7, 1), "9.5", "ZDDV-1 art. 41 and annex I"),
    _SI.taxed(SECOND_REDUCED, date(2020, 1, 1), "5", "ZDDV-1 art. 41 and annex IV"),
    _SI.untaxed(EXPORT, date(2013, 7, 1), Treatment.EXPORT, "ZDDV-1 art. 52"),
    _SI.untaxed(EXEMPT, date(2013, 7, 1), Treatment.EXEMPT, "ZDDV-1 art. 42 and 44"),
)
