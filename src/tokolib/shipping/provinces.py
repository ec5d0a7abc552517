"""The 38 provinces of Indonesia: by the ministry's code, the name, then what else people write for it.

Source: codes and names, Keputusan Menteri Dalam Negeri 300.2.2-2430 (2025). Jakarta's names, UU 29/2007 (Daerah
Khusus Ibukota) and UU 2/2024 (Daerah Khusus); Aceh's, UU 18/2001 (Nanggroe Aceh Darussalam) and UU 11/2006. The
abbreviations are those of newspapers and couriers; the English names are those that map services fill in.
"""

from collections.abc import Mapping
from typing import Final

PROVINCES: Final[Mapping[str, tuple[str, ...]]] = {
    "11": (
        "Aceh", "NAD", "Nanggroe Aceh Darussalam", "Nangroe Aceh Darussalam", "Daerah Istimewa Aceh", "DI Aceh",
    ),
    "12": ("Sumatera Utara", "Sumatra Utara", "Sumut", "North Sumatra"),
    "13": ("Sumatera Barat", "Sumatra Barat", "Sumbar", "West Sumatra"),
    "14": ("Riau",),
    "15": ("Jambi",),
    "16": ("Sumatera Selatan", "Sumatra Selatan", "Sumsel", "South Sumatra"),
    "17": ("Bengkulu",),
    "18": ("Lampung",),
    "19": (
        "Kepulauan Bangka Belitung", "Kep. Bangka Belitung", "Bangka Belitung", "Babel", "Bangka Belitung Islands",
    ),
    "21": ("Kepulauan Riau", "Kep. Riau", "Kepri", "Riau Islands"),
    "31": (
        "DKI Jakarta", "Jakarta", "DKI", "DKJ", "DK Jakarta", "Daerah Khusus Jakarta", "Daerah Khusus Ibukota Jakarta",
        "Daerah Khusus Ibu Kota Jakarta", "Special Capital Region of Jakarta", "Jakarta Special Capital Region",
    ),
    "32": ("Jawa Barat", "Jabar", "West Java"),
    "33": ("Jawa Tengah", "Jateng", "Central Java"),
    "34": (
        "DI Yogyakarta", "DIY", "Yogyakarta", "Daerah Istimewa Yogyakarta", "DIY Yogyakarta", "DI Jogjakarta",
        "Jogjakarta", "Jogja", "Special Region of Yogyakarta", "Yogyakarta Special Region",
    ),
    "35": ("Jawa Timur", "Jatim", "East Java"),
    "36": ("Banten",),
    "51": ("Bali",),
    "52": ("Nusa Tenggara Barat", "NTB", "West Nusa Tenggara"),
    "53": ("Nusa Tenggara Timur", "NTT", "East Nusa Tenggara"),
    "61": ("Kalimantan Barat", "Kalbar", "West Kalimantan"),
    "62": ("Kalimantan Tengah", "Kalteng", "Central Kalimantan"),
    "63": ("Kalimantan Selatan", "Kalsel", "South Kalimantan"),
    "64": ("Kalimantan Timur", "Kaltim", "East Kalimantan"),
    "65": ("Kalimantan Utara", "Kaltara", "North Kalimantan"),
    "71": ("Sulawesi Utara", "Sulut", "North Sulawesi"),
    "72": ("Sulawesi Tengah", "Sulteng", "Central Sulawesi"),
    "73": ("Sulawesi Selatan", "Sulsel", "South Sulawesi"),
    "74": ("Sulawesi Tenggara", "Sultra", "Southeast Sulawesi", "South East Sulawesi"),
    "75": ("Gorontalo",),
    "76": ("Sulawesi Barat", "Sulbar", "West Sulawesi"),
    "81": ("Maluku",),
    "82": ("Maluku Utara", "Malut", "North Maluku"),
    "91": ("Papua",),
    "92": ("Papua Barat", "West Papua"),
    "93": ("Papua Selatan", "South Papua"),
    "94": ("Papua Tengah", "Central Papua"),
    "95": ("Papua Pegunungan", "Highland Papua"),
    "96": ("Papua Barat Daya", "Southwest Papua"),
}  # fmt: skip
