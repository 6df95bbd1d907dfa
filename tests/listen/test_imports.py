from __future__ import annotations

import gzip
from pathlib import Path

from guanxi.listen.accept import Receipt
from guanxi.listen.imports.importing import home, import_file
from guanxi.listen.imports.mapping import parse_mapping
from guanxi.records.databases import CUSTOMERS, SOCIAL, raw
from guanxi.records.installation import Installation

ORDERS = """
source = "shop-export"
format = "csv"
platform = "shop"
account = "main"
[activity]
kind = "ordered"
actor = "customer"
amount = { column = "paid", currency = "EUR" }
time = { column = "day", format = "%Y-%m-%d", zone = "Europe/Berlin" }
"""


def test_a_file_imported_twice_changes_nothing_and_says_what_it_could_not_read(
    house: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv.gz"
    lines = ["customer,paid,day", "ann,10.50,2026-01-02", "ann,10.50,2026-01-02", "bob,much,2026-01-03"]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    mapping = parse_mapping(ORDERS)
    assert home(mapping) == CUSTOMERS
    assert import_file(path, mapping) == Receipt(2, 0, 1)
    assert import_file(path, mapping) == Receipt(0, 2, 0)
    kept = raw(CUSTOMERS).execute("SELECT position, reason FROM quarantine").fetchall()
    assert kept == [("orders.csv.gz:4", "amount_unreadable")]
    assert raw(CUSTOMERS).execute("SELECT sum(activities)::int FROM inbox").fetchall() == [(2,)]


def test_consents_go_to_the_side_of_their_platform() -> None:
    text = 'source = "c"\nformat = "csv"\nplatform = "{}"\naccount = "m"\n[activity]\nkind = "consented"\n'
    text += 'actor = "who"\ntime = {{ column = "t", format = "unix" }}\n'
    assert home(parse_mapping(text.format("shop"))) == CUSTOMERS
    assert home(parse_mapping(text.format("wechat"))) == SOCIAL


def test_a_source_whose_platform_may_be_the_shop_is_mixed_and_goes_to_the_customers_inbox() -> None:
    text = 'source = "c"\nformat = "csv"\naccount = "m"\nplatform = {{ column = "on"{} }}\n[activity]\n'
    text += 'kind = "consented"\nactor = "who"\ntime = {{ column = "t", format = "unix" }}\n'
    assert home(parse_mapping(text.format(""))) == CUSTOMERS
    assert home(parse_mapping(text.format(', table = { a = "shop", b = "line" }'))) == CUSTOMERS
    assert home(parse_mapping(text.format(', table = { a = "wechat", b = "line" }'))) == SOCIAL
