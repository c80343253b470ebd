"""A week of the demo store's orders, as data. Times are hours before the store was made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from webapp.domain.statuses import OrderStatus
from webapp.services.demo_store.acts import (
    Act,
    adjust,
    cancel,
    cancel_units,
    come_back,
    count,
    find_on_shelf,
    match,
    pick_short,
    ship,
    ship_all,
    status,
    take_back_last,
)
from webapp.services.demo_store.people import MANAGER, PACKER, SECOND_PACKER, Person

UNKNOWN_PLANTER: Final = "4099999000017"
UNKNOWN_JAR: Final = "4099999000024"
"""GTINs that the marketplace sent and no product has."""


@dataclass(frozen=True)
class Line:
    """One line of an order; a marketplace line may have a GTIN and a name only."""

    sku: str
    units: int
    gtin: str = ""
    name: str = ""


@dataclass(frozen=True)
class Turn:
    """Somebody did something to the order, so many hours ago."""

    hours_ago: float
    person: Person
    act: Act


@dataclass(frozen=True)
class Story:
    """An order and what happened to it."""

    number: str
    hours_ago: float
    customer: str
    lines: tuple[Line, ...]
    turns: tuple[Turn, ...] = ()
    channel: str = "shop"
    ship_within_hours: float | None = None
    """Hours to the promised shipping, where it is not what the store promises everybody."""


def _lines(**units: int) -> tuple[Line, ...]:
    return tuple(Line(sku.replace("_", "-"), ordered) for sku, ordered in units.items())


def _max(hours_ago: float, act: Act) -> Turn:
    return Turn(hours_ago, MANAGER, act)


def _paula(hours_ago: float, act: Act) -> Turn:
    return Turn(hours_ago, PACKER, act)


def _piet(hours_ago: float, act: Act) -> Turn:
    return Turn(hours_ago, SECOND_PACKER, act)


def _start(hours_ago: float) -> Turn:
    return _max(hours_ago, status(OrderStatus.PROCESSING))


STOCKED_HOURS_AGO: Final = 172.0
"""When the goods came in, before the first order."""

STORIES: Final = (
    Story(
        "HK-1001",
        168,
        "Claire Thill",
        _lines(LANTERN_S=2, TEALIGHT_24=1),
        (_start(165), _paula(150, ship_all()), _max(101, status(OrderStatus.DELIVERED))),
    ),
    Story(
        "HK-1002",
        166,
        "Jean-Marc Weber",
        _lines(PLATE_27=6, PLATE_22=6, BOWL_S=6),
        (
            _start(164),
            _paula(149, ship("PLATE-27")),
            _paula(148.9, ship("PLATE-22")),
            _piet(147, ship("BOWL-S")),
            _max(98, status(OrderStatus.DELIVERED)),
            _max(30, come_back("PLATE-22", 1, "Chipped on arrival")),
            _max(29.9, come_back("BOWL-S", 2, "One set too many", "A-02-1")),
        ),
    ),
    Story(
        "HK-1003",
        160,
        "Sven Hoffmann",
        _lines(CLOCK_30=1),
        (
            _start(158),
            _paula(145, ship_all()),
            _max(96, status(OrderStatus.DELIVERED)),
            _max(52, come_back("CLOCK-30", 1, "Does not tick")),
            _max(51.5, status(OrderStatus.REFUNDED, "Money back for a broken clock")),
        ),
    ),
    Story(
        "LS-88120",
        151,
        "Maria Da Silva",
        (Line("", 4, UNKNOWN_JAR, "Storage jar 1 l, clear"), Line("SPOON-SET", 1)),
        (
            _start(148),
            _max(146, match(UNKNOWN_JAR, "JAR-1L")),
            _paula(127, status(OrderStatus.SHIPPED)),
            _max(77, status(OrderStatus.DELIVERED)),
        ),
        "letzshop",
    ),
    Story("HK-1004", 146, "Nora Fischer", _lines(HOOKS_5=1, FRAME_A5=2), (_max(140, cancel("Ordered twice")),)),
    Story(
        "HK-1005",
        143,
        "Luc Schmit",
        _lines(THROW_GRY=1, CUSHION_LIN=4, CUSHION_PAD=4),
        (
            _start(141),
            _paula(124, ship("THROW-GRY")),
            _max(120, cancel("Customer changed their mind about the cushions")),
        ),
    ),
    Story(
        "HK-1006",
        131,
        "Amélie Laurent",
        _lines(CANDLE_RED=6, CANDLE_IVO=6),
        (
            _start(128),
            _max(122, cancel("Payment failed")),
            _max(118, status(OrderStatus.REFUNDED, "Deposit paid back")),
        ),
    ),
    Story(
        "HK-1007",
        122,
        "Tom Becker",
        _lines(MUG_BLUE=4, MUG_SAND=4, TEAPOT_1L=1),
        (
            _start(119),
            _piet(102, ship("MUG-BLUE")),
            _piet(101.9, take_back_last()),
            _piet(101.5, ship("MUG-BLUE")),
            _piet(101.4, ship("MUG-SAND")),
            _piet(101.2, ship("TEAPOT-1L")),
            _max(50, status(OrderStatus.DELIVERED)),
        ),
    ),
    Story(
        "HK-1008",
        118,
        "Isabelle Kremer",
        _lines(VASE_OCHRE=2, VASE_BUD=5),
        (
            _start(116),
            _max(115, adjust("TEAPOT-1L", "A-03-1", -1, "Lid broken in the aisle")),
            _paula(99, ship("VASE-OCHRE")),
            _paula(76, ship("VASE-BUD")),
        ),
    ),
    Story(
        "HK-1009",
        98,
        "Pit Muller",
        _lines(KETTLE_15=3),
        (_start(95), _paula(79, ship("KETTLE-15", 2)), _paula(78.8, find_on_shelf("KETTLE-15", 1, "D-02-3"))),
    ),
    Story(
        "HK-1010",
        96,
        "Anne-Sophie Roth",
        _lines(MUG_BLUE=6, MUG_MOSS=2),
        (_start(94), _paula(77, pick_short("MUG-BLUE", 4)), _paula(76.5, ship_all())),
    ),
    Story(
        "HK-1011",
        92,
        "Bistro um Eck",
        _lines(CLOCK_30=7, NAPKIN_4=10),
        (_start(90), _paula(74, ship("NAPKIN-4")), _paula(73.8, ship("CLOCK-30", 5))),
    ),
    Story("HK-1012", 75, "Georges Faber", _lines(APRON_NAV=2, GLOVE_OVEN=2)),
    Story(
        "HK-1013",
        72,
        "Lena Wagner",
        _lines(MUG_BLUE=2, TEALIGHT_24=3),
        (_start(70), _max(69, count("VASE-BUD", "B-02-4", 1)), _paula(27, ship("MUG-BLUE"))),
        ship_within_hours=120,
    ),
    Story("HK-1014", 70, "Marco Rossi", _lines(PAN_28=1, BOARD_OAK=1, MILL_PEP=2), (_start(66),)),
    Story(
        "LS-88173",
        66,
        "Fatima El Amrani",
        (Line("HOTBOTTLE", 2), Line("", 1, UNKNOWN_PLANTER, "Herb planter, zinc")),
        (_start(64), _paula(49, ship("HOTBOTTLE"))),
        "letzshop",
        ship_within_hours=96,
    ),
    Story(
        "HK-1015",
        52,
        "Hotel Zum Anker",
        _lines(
            TOWEL_TEA=12,
            NAPKIN_4=8,
            GLASS_4=6,
            CARAFE=6,
            JAR_05L=10,
            JAR_1L=6,
            BOWL_S=12,
            PLATE_22=12,
            PLATE_27=24,
            CANDLE_IVO=20,
            TEALIGHT_24=10,
            WRAP_KRAFT=4,
        ),
        (
            _start(50),
            _paula(28, ship("PLATE-27")),
            _paula(27.8, ship("PLATE-22")),
            _paula(27.6, ship("BOWL-S", 6)),
            _piet(25.5, ship("JAR-05L")),
            _piet(25.3, ship("JAR-1L", 4)),
            _max(24, cancel_units("WRAP-KRAFT", 2, "Two rolls are enough")),
        ),
        ship_within_hours=72,
    ),
    Story("HK-1016", 48, "Yves Klein", _lines(FRAME_A4=3), (_start(46), _paula(26, ship_all()))),
    Story("HK-1017", 30, "Café Central", _lines(WINE_2=12, CARAFE=4), (_start(28),)),
    Story("HK-1018", 27, "Ingrid Sommer", _lines(PAN_28=8, SPOON_SET=2), (_start(25),)),
    Story(
        "LS-88201",
        26,
        "Paulo Ferreira",
        (Line("MUG-SAND", 2), Line("", 2, UNKNOWN_PLANTER, "Herb planter, zinc")),
        (_start(24),),
        "letzshop",
    ),
    Story("HK-1019", 23, "Charlotte Weiss", _lines(BELL_DOOR=1, HOOKS_5=1), (_start(22),)),
    Story(
        "HK-1020", 20, "Daniel Meyer", _lines(BOARD_OAK=1, SPOON_SET=1, MILL_PEP=1), (_start(5), _paula(2, ship_all()))
    ),
    Story("HK-1021", 9, "Sophie Lambert", _lines(THROW_RUS=1, CUSHION_LIN=2, CUSHION_PAD=2), (_start(4),)),
    Story("HK-1022", 7, "Emil Novak", _lines(LANTERN_L=2, TEALIGHT_24=2, HOLDER_HRT=4), (_start(3.5),)),
    Story("LS-88214", 6, "Sara Costa", (Line("TIN-COOKIE", 3), Line("CARD-BDAY", 2)), (), "letzshop"),
    Story("HK-1023", 3, "Olivier Simon", _lines(RUNNER_180=4, NAPKIN_4=2)),
    Story("HK-1024", 0.6, "Katrin Vogel", _lines(VASE_BUD=3, CARD_BDAY=1)),
)
