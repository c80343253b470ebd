"""The pick screen's feedback: toasts, sounds, keys held down, double taps, and where finished items go."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.drawn import drawn
from tests.helpers.pick_page import item, pick, quantity, units
from tests.helpers.warehouse import Warehouse
from webapp.models import Order

LISTEN = """
window.heard = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...at) { window.heard.push(this.type); return start.apply(this, at); };
"""
DONE, REFUSED = ["sine", "sine"], ["triangle", "triangle"]


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """40 Cups at A1 and 4 Lamps at A2, reserved."""
    return warehouse.processing((warehouse.product("Cup", A1=50), 40), (warehouse.product("Lamp", A2=50), 4))


@pytest.mark.parametrize("screen", ["tablet", "tablet portrait", "handheld"])
def test_a_toast_says_what_shipped_covers_no_work_and_takes_it_back(
    open_page: OpenPage, order: Order, screen: str
) -> None:
    page = pick(open_page(screen, part="packer"), order)

    item(page, "Lamp").locator("[data-ship]").click()

    toast = page.locator("#toast")
    expect(toast).to_contain_text("4 × Lamp shipped")
    covered = drawn(page).evaluate(
        """() => {
          const toast = document.querySelector(".toast").getBoundingClientRect();
          return [...document.querySelectorAll(".item, .scan")].map((one) => one.getBoundingClientRect())
            .filter((box) => box.bottom > toast.top && box.top < toast.bottom)
            .filter((box) => box.right > toast.left && box.left < toast.right).length;
        }"""
    )
    assert covered == 0 or screen == "handheld", "there it stands on the navigation, which covers them already"
    toast.get_by_role("button", name="Undo").click()
    expect(units(page)).to_have_text("0 of 44 units shipped")
    expect(quantity(page, "Lamp")).to_have_value("4")
    expect(toast).to_contain_text("4 × Lamp undone")


def test_a_toast_stays_while_somebody_is_at_it_and_leaves_by_escape(open_page: OpenPage, order: Order) -> None:
    page = open_page("desk", part="packer")
    page.clock.install()
    pick(page, order)
    item(page, "Lamp").locator("[data-ship]").click()
    undo = page.locator("#toast").get_by_role("button", name="Undo")
    undo.focus()

    page.clock.run_for(15_000)
    expect(undo).to_be_visible()
    page.keyboard.press("Escape")

    expect(undo).to_have_count(0)


def test_shortcuts_work_while_an_item_has_the_focus(open_page: OpenPage, order: Order) -> None:
    page = pick(open_page("desk", part="packer"), order)
    item(page, "Lamp").locator("[data-ship]").press("Enter")
    expect(item(page, "Lamp")).to_be_focused()

    page.keyboard.press("u")
    expect(page.locator("#toast")).to_contain_text("4 × Lamp undone")
    item(page, "Lamp").focus()
    page.keyboard.press("?")

    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    expect(page.get_by_label("Scan or type a barcode or SKU")).to_have_value("")


def test_what_is_done_is_folded_away_once_nobody_is_at_the_screen(open_page: OpenPage, order: Order) -> None:
    page = open_page(part="packer")
    page.clock.install()
    pick(page, order)
    item(page, "Cup").locator("[data-ship]").click()
    expect(item(page, "Cup")).to_contain_text("40 of 40 shipped")
    expect(page.locator("#to-do article")).to_have_count(2)

    page.clock.run_for(5_000)

    expect(page.locator("#to-do article")).to_have_count(1)
    expect(page.locator(".pick__done summary")).to_contain_text("Done: 1 item")
    page.locator(".pick__done summary").click()
    item(page, "Cup").get_by_role("button", name="Undo 40 × Cup").click()
    expect(page.locator("#to-do article").first).to_contain_text("Cup")
    expect(page.locator(".pick__done")).to_be_hidden()


def test_done_counts_an_item_once_it_is_folded_away(open_page: OpenPage, warehouse: Warehouse) -> None:
    order = warehouse.processing(*((warehouse.product(name, A1=5), 1) for name in ("Cup", "Lamp", "Vase")))
    warehouse.ship(order, 1)
    page = open_page(part="packer")
    page.clock.install()
    pick(page, order)
    done = page.locator(".pick__done summary")
    for name in ("Lamp", "Vase"):
        item(page, name).locator("[data-ship]").click()
        expect(item(page, name)).to_contain_text("1 of 1 shipped")
        expect(done).to_have_text("Done: 1 item")

    page.clock.run_for(5_000)

    expect(done).to_have_text("Done: 3 items")
    done.click()
    item(page, "Cup").get_by_role("button", name="Undo 1 × Cup").click()
    expect(done).to_have_text("Done: 2 items")


def test_once_all_is_folded_away_the_focus_is_at_the_next_order(
    open_page: OpenPage, warehouse: Warehouse, order: Order
) -> None:
    warehouse.processing((warehouse.product("Vase", B1=1), 1))
    warehouse.ship(order, 40)
    page = open_page("desk", part="packer")
    page.clock.install()
    pick(page, order)
    item(page, "Lamp").locator("[data-ship]").press("Enter")
    expect(item(page, "Lamp")).to_be_focused()

    page.clock.run_for(5_000)

    expect(page.locator(".pick__end").get_by_role("link", name="Next order")).to_be_focused()


def test_the_last_units_lead_to_the_next_order(open_page: OpenPage, warehouse: Warehouse, order: Order) -> None:
    following = warehouse.processing((warehouse.product("Vase", B1=1), 1))
    page = pick(open_page("handheld", part="packer"), order)
    for name in ("Cup", "Lamp"):
        item(page, name).locator("[data-ship]").click()
        expect(item(page, name)).to_contain_text("shipped")

    expect(page.get_by_role("heading", name="All shipped")).to_be_visible()
    page.locator(".pick__end").get_by_role("link", name="Next order").click()

    expect(page.locator("h1")).to_contain_text(following.order_number)


def test_a_key_that_is_held_down_goes_on_up_to_the_bound(open_page: OpenPage, order: Order) -> None:
    page = pick(open_page(part="packer"), order)
    fewer = item(page, "Cup").get_by_label("One fewer")

    fewer.hover()
    page.mouse.down()
    expect(quantity(page, "Cup")).to_have_value("1")
    page.mouse.up()

    expect(item(page, "Cup").locator("[data-ship]")).to_have_text("Ship 1")
    item(page, "Cup").get_by_label("One more").tap()
    expect(quantity(page, "Cup")).to_have_value("2")
    quantity(page, "Cup").press("ArrowUp")
    expect(quantity(page, "Cup")).to_have_value("3")


def test_a_double_tap_ships_once(open_page: OpenPage, order: Order, page_errors: list[str]) -> None:
    page = pick(open_page(part="packer"), order)
    quantity(page, "Cup").fill("2")

    item(page, "Cup").locator("[data-ship]").dblclick()
    expect(page.locator("#toast")).to_contain_text("2 × Cup shipped")
    page.wait_for_load_state("networkidle")

    expect(units(page)).to_have_text("2 of 44 units shipped")
    page_errors.clear()


@pytest.mark.parametrize("gap", [40, 120, 250], ids="{} ms".format)
def test_a_second_tap_that_comes_after_the_answer_ships_nothing_more(
    open_page: OpenPage, order: Order, gap: int
) -> None:
    page = pick(open_page(part="packer"), order)
    quantity(page, "Cup").fill("2")
    box = item(drawn(page), "Cup").locator("[data-ship]").bounding_box()
    assert box is not None

    for _ in range(2):
        page.touchscreen.tap(box["x"] + 20, box["y"] + 20)
        page.wait_for_timeout(gap)
    expect(page.locator("#toast")).to_contain_text("2 × Cup shipped")
    page.wait_for_load_state("networkidle")

    expect(units(page)).to_have_text("2 of 44 units shipped")
    item(page, "Lamp").locator("[data-ship]").tap()
    expect(units(page)).to_have_text("6 of 44 units shipped")


def test_a_key_held_down_on_the_button_ships_once(open_page: OpenPage, order: Order) -> None:
    page = pick(open_page("desk", part="packer"), order)
    quantity(page, "Cup").fill("2")
    item(page, "Cup").locator("[data-ship]").focus()

    page.keyboard.down("Enter")
    expect(units(page)).to_have_text("2 of 44 units shipped")
    for _ in range(5):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    page.wait_for_load_state("networkidle")

    expect(item(page, "Cup").locator("[data-ship]")).to_have_text("Ship 38")


def test_shipping_and_a_refusal_sound_different_and_can_be_turned_off(
    open_page: OpenPage, order: Order, page_errors: list[str]
) -> None:
    page = open_page(part="packer")
    page.add_init_script(LISTEN)
    pick(page, order)
    quantity(page, "Cup").fill("2")
    item(page, "Cup").locator("[data-ship]").click()
    expect(units(page)).to_have_text("2 of 44 units shipped")
    quantity(page, "Cup").fill("99")
    item(page, "Cup").locator("[data-ship]").click()
    expect(item(page, "Cup")).to_contain_text("Only 38 are left to ship.")
    heard = page.evaluate("window.heard")

    page.get_by_role("button", name="Sound").click()
    page.reload()
    expect(page.get_by_role("button", name="Sound", pressed=False)).to_be_visible()
    item(page, "Lamp").locator("[data-ship]").click()
    expect(units(page)).to_have_text("6 of 44 units shipped")

    assert heard == DONE + REFUSED
    assert page.evaluate("window.heard") == []
    page_errors.clear()  # The browser itself notes the 422.


def test_what_was_tapped_says_that_it_is_under_way(open_page: OpenPage, order: Order) -> None:
    page = pick(open_page(part="packer"), order)
    held: list[Route] = []
    page.route("**/shipments", lambda route: held.append(route))

    item(page, "Lamp").locator("[data-ship]").click()
    expect(item(page, "Lamp").locator("[data-ship]")).to_have_text("Shipping 4 …")
    held[0].continue_()

    expect(item(page, "Lamp")).to_contain_text("4 of 4 shipped")


def test_the_status_opens_from_its_bar_and_stays_open_while_units_ship(open_page: OpenPage, order: Order) -> None:
    page = pick(open_page("handheld", part="packer"), order)
    more, bar = page.locator("#status-more"), page.locator(".status__toggle")
    expect(more).to_be_hidden()

    bar.tap()
    expect(more).to_be_visible()
    page.evaluate("document.querySelector('#shipment-status').dispatchEvent(new CustomEvent('poll'))")
    expect(bar).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")

    expect(more).to_be_hidden()
    expect(bar).to_be_focused()


def test_items_far_along_the_walk_are_drawn_as_one_comes_near(open_page: OpenPage, warehouse: Warehouse) -> None:
    order = warehouse.processing(*((warehouse.product(f"Plate {n}", **{f"A{n}": 9}), 2) for n in range(1, 91)))
    page = pick(open_page(part="packer"), order)
    last = item(page, "Plate 90")
    expect(last.locator("form")).to_have_count(0)

    page.get_by_label("Scan or type a barcode or SKU").fill(warehouse.item(order, 90).sku)
    page.keyboard.press("Enter")

    expect(last).to_be_focused()
    expect(last).to_be_in_viewport()
    last.locator("[data-ship]").click()
    expect(units(page)).to_have_text("2 of 180 units shipped")


def test_an_item_far_along_the_walk_ships_without_javascript(open_page: OpenPage, warehouse: Warehouse) -> None:
    order = warehouse.processing(*((warehouse.product(f"Plate {n}", **{f"A{n}": 9}), 2) for n in range(1, 91)))
    page = pick(open_page(part="packer", java_script_enabled=False), order)

    link = item(page, "Plate 60").get_by_role("link", name="Pick this item")
    link.hover()  # A person scrolls first, and taps once the stretches on the way have their heights.
    link.click()
    item(page, "Plate 60").locator("[data-ship]").click()

    expect(units(page)).to_have_text("2 of 180 units shipped")
