# SPDX-License-Identifier: Apache-2.0
"""Invented names: places that sound Finnish, with their Swedish forms, and the schools called after them.

A place is two words of nature put together, as many Finnish places are. Combinations that a real municipality bears
are left out. Some school names stand in many municipalities, as in the national list (facts-mpassid 8).
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

from federation.model import Names, SchoolType

REPEATED_NAMES: Final = (
    (Names(fi="Kirkonkylän koulu", sv="Kyrkbyns skola"), 22),
    (Names(fi="Keskuskoulu", sv="Centralskolan"), 10),
    (Names(fi="Aseman koulu", sv="Stationsskolan"), 9),
    (Names(fi="Rantakylän koulu", sv="Strandbyns skola"), 8),
    (Names(fi="Harjun koulu", sv="Åsens skola"), 8),
    (Names(fi="Yhteiskoulu", sv="Samskolan"), 7),
    (Names(fi="Hakalan koulu", sv="Hagalunds skola"), 7),
    (Names(fi="Jokelan koulu", sv="Åkulla skola"), 7),
    (Names(fi="Mäntylän koulu", sv="Tallmo skola"), 7),
    (Names(fi="Alakylän koulu", sv="Nederby skola"), 6),
    (Names(fi="Ylikylän koulu", sv="Överby skola"), 6),
    (Names(fi="Koivulan koulu", sv="Björkbacka skola"), 6),
)
"""Names of basic schools that many municipalities have, and how many of 2,209 schools bear each; the first three
counts are the published ones, and all of them make the 91 repetitions that are."""

_FIRST: Final = (
    ("Kuusi", "Gran"), ("Koivu", "Björk"), ("Haapa", "Asp"), ("Leppä", "Al"), ("Pihlaja", "Rönn"), ("Kataja", "En"),
    ("Paju", "Vide"), ("Vaahtera", "Lönn"), ("Saarni", "Ask"), ("Karhu", "Björn"), ("Susi", "Varg"), ("Hirvi", "Älg"),
    ("Kettu", "Räv"), ("Jänis", "Har"), ("Saukko", "Utter"), ("Majava", "Bäver"), ("Ilves", "Lo"), ("Peura", "Hjort"),
    ("Lumi", "Snö"), ("Halla", "Frost"), ("Usva", "Dim"), ("Tuuli", "Vind"), ("Hiekka", "Sand"), ("Sammal", "Moss"),
    ("Kanerva", "Ljung"), ("Mustikka", "Blåbärs"), ("Puolukka", "Lingon"), ("Vadelma", "Hallon"), ("Lakka", "Hjortron"),
    ("Sieni", "Svamp"), ("Lintu", "Fågel"), ("Joutsen", "Svan"), ("Kurki", "Tran"), ("Haukka", "Hök"), ("Pöllö", "Uggle"),
    ("Kuikka", "Lom"), ("Teeri", "Orr"), ("Lokki", "Mås"), ("Hauki", "Gädd"), ("Ahven", "Abborr"), ("Lohi", "Lax"),
    ("Siika", "Sik"), ("Aamu", "Morgon"), ("Ilta", "Kvälls"), ("Kesä", "Sommar"), ("Talvi", "Vinter"), ("Syys", "Höst"),
    ("Kulta", "Gull"), ("Hopea", "Silver"), ("Rauta", "Järn"), ("Vaski", "Koppar"), ("Pitkä", "Lång"), ("Valkea", "Vit"),
    ("Musta", "Svart"), ("Sini", "Blå"), ("Puna", "Röd"), ("Kaisla", "Säv"), ("Ruoho", "Gräs"), ("Tähti", "Stjärn"),
    ("Päivä", "Dag"), ("Tammi", "Ek"), ("Mänty", "Tall"), ("Marja", "Bär"), ("Orava", "Ekorr"), ("Kuura", "Rim"),
    ("Myrsky", "Storm"), ("Hanhi", "Gås"),
)  # fmt: skip
"""First words, Finnish and Swedish."""

_SECOND: Final = (
    ("lahti", "lahden", "vik"), ("niemi", "niemen", "näs"), ("mäki", "mäen", "backa"), ("järvi", "järven", "träsk"),
    ("koski", "kosken", "fors"), ("vaara", "vaaran", "berg"), ("saari", "saaren", "holm"), ("ranta", "rannan", "strand"),
    ("harju", "harjun", "ås"), ("pelto", "pellon", "åker"), ("niitty", "niityn", "äng"), ("kylä", "kylän", "by"),
    ("kangas", "kankaan", "mo"), ("lampi", "lammen", "tjärn"), ("joki", "joen", "å"), ("salo", "salon", "skog"),
    ("oja", "ojan", "bäck"), ("salmi", "salmen", "sund"), ("vuori", "vuoren", "klint"), ("suo", "suon", "myr"),
    ("lehto", "lehdon", "lund"), ("kallio", "kallion", "häll"), ("lähde", "lähteen", "källa"), ("aho", "ahon", "hed"),
    ("korpi", "korven", "mark"), ("selkä", "selän", "fjärd"), ("puro", "puron", "rinn"), ("notko", "notkon", "dal"),
    ("aukea", "aukean", "slätt"), ("kivi", "kiven", "sten"), ("luoto", "luodon", "skär"), ("pohja", "pohjan", "botten"),
)  # fmt: skip
"""Second words: Finnish, its genitive, Swedish."""

_REAL: Final = frozenset(
    {
        "Haapajärvi", "Haapasaari", "Haukivuori", "Kesälahti", "Koivulahti", "Kurkijoki", "Lumijoki", "Mustasaari",
        "Mäntyharju", "Pitkäranta", "Rautalampi", "Rautavaara", "Siikajoki", "Valkeakoski",
    }
)  # fmt: skip
"""Municipalities, of today or before, that the words above could make."""

_SCHOOL_WORDS: Final = {
    SchoolType.BASIC: ("koulu", "skola"),
    SchoolType.UPPER_SECONDARY: ("lukio", "gymnasium"),
    SchoolType.SPECIAL: ("erityiskoulu", "specialskola"),
    SchoolType.VOCATIONAL: ("ammattiopisto", "yrkesinstitut"),
    SchoolType.COMBINED: ("yhtenäiskoulu", "enhetsskola"),
    SchoolType.FOLK_HIGH: ("kansanopisto", "folkhögskola"),
}


@dataclass(frozen=True)
class Place:
    """An invented place: Finnish name and genitive, Swedish name."""

    fi: str
    genitive: str
    sv: str

    @property
    def key(self) -> str:
        """The name as it stands in addresses."""
        return self.fi.lower().translate(str.maketrans("äöå", "aoa"))

    def school(self, kind: SchoolType) -> Names:
        """Return the name of a school of this place."""
        fi, sv = _SCHOOL_WORDS[kind]
        return Names(fi=f"{self.genitive} {fi}", sv=f"{_swedish_genitive(self.sv)} {sv}")

    def municipality(self, *, is_city: bool) -> Names:
        """Return the name of the place's own municipality."""
        fi, sv = ("kaupunki", "stad") if is_city else ("kunta", "kommun")
        return Names(fi=f"{self.genitive} {fi}", sv=f"{_swedish_genitive(self.sv)} {sv}")

    def joint_authority(self) -> Names:
        """Return the name of a joint authority that runs a single institution for several municipalities."""
        return Names(
            fi=f"{self.genitive} koulutuskuntayhtymä",
            sv=f"{_swedish_genitive(self.sv)} utbildningssamkommun",
        )


def places(chance: random.Random) -> list[Place]:
    """Return every place, in an order of chance; no two have one name or one key."""
    every = [
        Place(first_fi + second_fi, first_fi + genitive, first_sv + second_sv)
        for first_fi, first_sv in _FIRST
        for second_fi, genitive, second_sv in _SECOND
        if first_fi + second_fi not in _REAL
    ]
    found = list({place.key: place for place in every}.values())
    chance.shuffle(found)
    return found


def _swedish_genitive(name: str) -> str:
    return name if name.endswith(("s", "x", "z")) else f"{name}s"
