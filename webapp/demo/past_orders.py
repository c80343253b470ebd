"""Stories of finished orders from the days before."""

from __future__ import annotations

from typing import Final

from webapp.demo.acts import (
    adjust,
    cancel,
    come_back,
    find_on_shelf,
    match,
    pick_short,
    ship,
    ship_all,
    status,
    undo_last,
)
from webapp.demo.days import When
from webapp.demo.story import Line, Story, begin, by_max, by_paula, by_piet, lines
from webapp.domain.statuses import OrderStatus

UNKNOWN_JAR: Final = "4099999000029"
"""A GTIN that the marketplace sent and that a manager has matched."""

PAST_ORDERS: Final = (
    Story(
        "HK-1001",
        When(6, "8:12"),
        "Claire Thill",
        lines(LANTERN_S=2, TEALIGHT_24=1),
        (begin(6, "9:05"), by_paula(5, "8:31", ship_all()), by_max(3, "14:10", status(OrderStatus.DELIVERED))),
    ),
    Story(
        "HK-1002",
        When(6, "10:40"),
        "Jean-Marc Weber",
        lines(PLATE_27=6, PLATE_22=6, BOWL_S=6),
        (
            begin(6, "11:15"),
            by_paula(5, "8:52", ship("PLATE-27")),
            by_paula(5, "8:57", ship("PLATE-22")),
            by_piet(5, "10:20", ship("BOWL-S")),
            by_max(3, "14:12", status(OrderStatus.DELIVERED)),
            by_max(1, "9:30", come_back("PLATE-22", 1, "Chipped on arrival")),
            by_max(1, "9:34", come_back("BOWL-S", 2, "One set too many", "A-02-1")),
        ),
    ),
    Story(
        "HK-1003",
        When(6, "15:26"),
        "Sven Hoffmann",
        lines(CLOCK_30=1),
        (
            begin(6, "16:02"),
            by_paula(5, "11:08", ship_all()),
            by_max(3, "14:15", status(OrderStatus.DELIVERED)),
            by_max(2, "9:41", come_back("CLOCK-30", 1, "Does not tick")),
            by_max(2, "9:58", status(OrderStatus.REFUNDED, "Money back for a broken clock")),
        ),
    ),
    Story(
        "LS-88120",
        When(6, "20:47"),
        "Maria Da Silva",
        (Line("", 4, UNKNOWN_JAR, "Storage jar 1 l, clear"), Line("SPOON-SET", 1)),
        (
            begin(5, "8:20"),
            by_max(5, "8:44", match(UNKNOWN_JAR, "JAR-1L")),
            by_paula(5, "15:36", status(OrderStatus.SHIPPED)),
            by_max(2, "14:30", status(OrderStatus.DELIVERED)),
        ),
        "letzshop",
    ),
    Story(
        "HK-1004",
        When(5, "7:51"),
        "Nora Fischer",
        lines(HOOKS_5=1, FRAME_A5=2),
        (by_max(5, "9:12", cancel("Ordered twice")),),
    ),
    Story(
        "HK-1005",
        When(5, "10:08"),
        "Luc Schmit",
        lines(THROW_GRY=1, CUSHION_LIN=4, CUSHION_PAD=4),
        (
            begin(5, "10:55"),
            by_paula(5, "16:11", ship("THROW-GRY")),
            by_max(4, "9:26", cancel("Customer changed their mind about the cushions")),
        ),
    ),
    Story(
        "HK-1006",
        When(5, "13:33"),
        "Amélie Laurent",
        lines(CANDLE_RED=6, CANDLE_IVO=6),
        (
            begin(5, "14:05"),
            by_max(4, "8:35", cancel("Payment failed")),
            by_max(4, "11:20", status(OrderStatus.REFUNDED, "Deposit paid back")),
        ),
    ),
    Story(
        "HK-1007",
        When(5, "19:02"),
        "Tom Becker",
        lines(MUG_BLUE=4, MUG_SAND=4, TEAPOT_1L=1),
        (
            begin(4, "8:15"),
            by_piet(4, "10:40", ship("MUG-BLUE")),
            by_piet(4, "10:43", undo_last()),
            by_piet(4, "10:58", ship("MUG-BLUE")),
            by_piet(4, "11:01", ship("MUG-SAND")),
            by_piet(4, "11:06", ship("TEAPOT-1L")),
            by_max(2, "14:32", status(OrderStatus.DELIVERED)),
        ),
    ),
    Story(
        "HK-1008",
        When(4, "9:44"),
        "Isabelle Kremer",
        lines(VASE_OCHRE=2, VASE_BUD=5),
        (
            begin(4, "10:10"),
            by_max(4, "11:50", adjust("TEAPOT-1L", "A-03-1", -1, "Lid broken in the aisle")),
            by_paula(4, "15:22", ship("VASE-OCHRE")),
            by_paula(3, "9:18", ship("VASE-BUD")),
        ),
    ),
    Story(
        "HK-1009",
        When(4, "14:19"),
        "Pit Muller",
        lines(KETTLE_15=3),
        (
            begin(4, "14:50"),
            by_paula(3, "10:02", ship("KETTLE-15", 2)),
            by_paula(3, "10:09", find_on_shelf("KETTLE-15", 1, "D-02-3")),
        ),
    ),
    Story(
        "HK-1010",
        When(4, "21:35"),
        "Anne-Sophie Roth",
        lines(MUG_BLUE=6, MUG_MOSS=2),
        (begin(3, "8:25"), by_paula(3, "11:12", pick_short("MUG-BLUE", 4)), by_paula(3, "11:20", ship_all())),
    ),
    Story(
        "HK-1016",
        When(2, "12:08"),
        "Yves Klein",
        lines(FRAME_A4=3),
        (begin(2, "13:01"), by_paula(1, "10:24", ship_all())),
    ),
    Story(
        "HK-1018",
        When(2, "16:54"),
        "Daniel Meyer",
        lines(BOARD_OAK=1, SPOON_SET=1, MILL_PEP=1),
        (begin(1, "8:20"), by_paula(1, "14:43", ship_all())),
    ),
    Story(
        "HK-1020",
        When(1, "9:37"),
        "Marie Kieffer",
        lines(HOTBOTTLE=1, THROW_GRY=1),
        (begin(1, "10:05"), by_paula(0, "8:22", ship("HOTBOTTLE")), by_paula(0, "8:25", ship("THROW-GRY"))),
    ),
    Story(
        "LS-88209",
        When(1, "11:14"),
        "Nils Andersson",
        lines(JAR_05L=6, JAR_1L=2),
        (begin(1, "11:40"), by_piet(0, "8:31", ship("JAR-05L")), by_piet(0, "8:36", ship("JAR-1L"))),
        "letzshop",
    ),
)
