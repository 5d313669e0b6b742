"""The customers, suppliers and people of examples/README.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

WORLD_DAY = date(2026, 11, 24)

#: Approvers and their limits in DKK; None: no limit.
APPROVERS: Mapping[str, Decimal | None] = {
    "dan": Decimal(50_000),
    "eva": Decimal(500_000),
    "finn": Decimal(10_000),
    "gro": None,
}


@dataclass(frozen=True, kw_only=True)
class Customer:
    """An institution that receives invoices; `dimensions` are those of its everyday coding."""

    key: str
    bogfoeringskreds: str
    name: str
    gln: str
    cvr: str
    street: str
    postal_code: str
    city: str
    system: str = "sdi"
    dimensions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Supplier:
    """Who sends invoices. A Danish one has a CVR number, a foreign one a VAT number."""

    name: str
    street: str
    postal_code: str
    city: str
    cvr: str | None = None
    vat_number: str | None = None
    endpoint: tuple[str, str] | None = None
    country: str = "DK"


EKSEMPELSTYRELSEN = Customer(
    key="eksempelstyrelsen",
    bogfoeringskreds="99001",
    name="Eksempelstyrelsen",
    gln="5798000880016",
    cvr="33391005",
    street="Prøvevej 1",
    postal_code="1050",
    city="København K",
    dimensions={"delregnskab": "100", "formaal": "10", "sted": "KBH"},
)
FYRVAESENET = Customer(
    key="fyrvaesenet",
    bogfoeringskreds="99002",
    name="Fyrvæsenet",
    gln="5798000990012",
    cvr="99100001",
    street="Molevej 9",
    postal_code="9990",
    city="Skagen",
    dimensions={"delregnskab": "200"},
)
NORDHAVNS_MUSEUM = Customer(
    key="nordhavns-museum",
    bogfoeringskreds="99003",
    name="Nordhavns Museum",
    gln="5798000990029",
    cvr="99100028",
    street="Havnegade 40",
    postal_code="2150",
    city="Nordhavn",
    dimensions={"delregnskab": "100", "projekt": "P001"},
)
KLIMAFORSKNING = Customer(
    key="institut-for-klimaforskning",
    bogfoeringskreds="99004",
    name="Institut for Klimaforskning",
    gln="5798000990036",
    cvr="99110007",
    street="Isbjergvej 3",
    postal_code="8000",
    city="Aarhus C",
    dimensions={"delregnskab": "100", "formaal": "20", "projekt": "P002"},
)
DOMSARKIVET = Customer(
    key="domsarkivet",
    bogfoeringskreds="99005",
    name="Domsarkivet",
    gln="5798000990043",
    cvr="99110015",
    street="Arkivstræde 2",
    postal_code="8800",
    city="Viborg",
    system="indfak",
    dimensions={"delregnskab": "100", "formaal": "30", "sted": "AAR"},
)
SKOVFOGEDSKOLEN = Customer(
    key="skovfogedskolen",
    bogfoeringskreds="99006",
    name="Skovfogedskolen",
    gln="5798000990050",
    cvr="99120002",
    street="Bøgelunden 12",
    postal_code="3400",
    city="Hillerød",
    dimensions={"delregnskab": "200", "formaal": "20"},
)

DANSK_KONTOR = Supplier(
    name="Dansk Kontor A/S",
    street="Papirgade 10",
    postal_code="2600",
    city="Glostrup",
    cvr="99130008",
)
NORDLYS_EL = Supplier(
    name="Nordlys El A/S",
    street="Kraftvej 5",
    postal_code="9000",
    city="Aalborg",
    cvr="99130016",
)
KAFFEKOMPAGNIET = Supplier(
    name="Kaffekompagniet ApS",
    street="Bønnestræde 7",
    postal_code="5000",
    city="Odense C",
    cvr="99140003",
)
RENGOERING_OEST = Supplier(
    name="Rengøring Øst A/S",
    street="Kostevej 22",
    postal_code="4000",
    city="Roskilde",
    cvr="99140011",
)
IT_HUSET = Supplier(
    name="IT-huset A/S",
    street="Bitvej 64",
    postal_code="2800",
    city="Kongens Lyngby",
    cvr="99150009",
)
ADVOKATERNE = Supplier(
    name="Advokaterne Bro & Strand",
    street="Paragraf Allé 15",
    postal_code="8000",
    city="Aarhus C",
    cvr="99150017",
)
TELETAARNET = Supplier(
    name="Teletårnet A/S",
    street="Antennevej 100",
    postal_code="2300",
    city="København S",
    cvr="99160004",
)
DAGBLADET_SKRIFT = Supplier(
    name="Dagbladet Skrift",
    street="Trykkerivej 3",
    postal_code="7100",
    city="Vejle",
    cvr="99160012",
)
VOGNMAND_VEST = Supplier(
    name="Vognmand Vest ApS",
    street="Hedevej 88",
    postal_code="7400",
    city="Herning",
    cvr="99170018",
)
GAMMEL_LEVERANDOER = Supplier(
    name="Gammel Leverandør A/S",
    street="Tidligere Vej 1",
    postal_code="6000",
    city="Kolding",
    cvr="99170026",
)
BUECHER = Supplier(
    name="Bücher & Söhne GmbH",
    street="Gelehrtenstraße 11",
    postal_code="20095",
    city="Hamburg",
    vat_number="DE111111125",
    endpoint=("9930", "DE111111125"),
    country="DE",
)
OXFIELD = Supplier(
    name="Oxfield Instruments Ltd",
    street="4 Meadow Lane",
    postal_code="OX1 1AA",
    city="Oxford",
    vat_number="GB999999973",
    endpoint=("9932", "GB999999973"),
    country="GB",
)
MOEBELSNEDKEREN = Supplier(
    name="Møbelsnedkeren I/S",
    street="Høvlevej 6",
    postal_code="5700",
    city="Svendborg",
    cvr="99180005",
)
KONSULENTHUSET = Supplier(
    name="Konsulenthuset Fjord A/S",
    street="Rådgade 44",
    postal_code="8700",
    city="Horsens",
    cvr="99180013",
)
KURSUSCENTRET = Supplier(
    name="Kursuscentret ApS",
    street="Lærervej 20",
    postal_code="7000",
    city="Fredericia",
    cvr="99190000",
)
NY_LEVERANDOER = Supplier(
    name="Ny Leverandør ApS",
    street="Begyndervej 1",
    postal_code="4600",
    city="Køge",
    cvr="99190019",
)
STARTOP = Supplier(
    name="Startop IVS",
    street="Iværksættervej 1",
    postal_code="1799",
    city="København V",
    cvr="99200006",
)
