"""A mapping is read whole or refused with the exact field."""

from pathlib import Path

import pytest

from guanxi.listen.imports.mapping import Value, parse_mapping, read_mapping
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.reasons import Refused

EXAMPLES = Path(__file__).parents[2] / "examples" / "mappings"
GOOD = """
source = "shop-orders"
format = "csv"
platform = "shop"
account = "main"
id = ["number"]

[[activity]]
kind = "recorded"
actor = "customer"
time = { column = "placed", format = "iso", zone = "Asia/Shanghai" }
traits = { phone = "phone", confidence = 0.9, facts = { city = "town" } }

[[activity]]
kind = "ordered"
actor = "customer"
time = { column = "placed", format = "iso", zone = "Asia/Shanghai" }
amount = { column = "paid", currency = "CNY" }
quantity = "pieces"
when = { column = "state", in = ["paid", "shipped"] }
"""


def refusal(text: str) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        parse_mapping(text)
    return caught.value.code, caught.value.detail


def test_a_row_may_stand_for_several_activities() -> None:
    mapping = parse_mapping(GOOD)
    assert mapping.kinds == {Kind.RECORDED, Kind.ORDERED}
    assert mapping.columns() == {"number", "customer", "placed", "phone", "town", "paid", "pieces", "state"}
    assert mapping.activities[1].when is not None
    assert mapping.activities[1].when.values == {"paid", "shipped"}
    assert mapping.platform == Value(constant="shop")


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.toml")), ids=lambda path: path.stem)
def test_the_mappings_we_ship_can_be_read(path: Path) -> None:
    assert read_mapping(path).source.endswith(path.stem)


@pytest.mark.parametrize(
    ("old", "new", "code", "detail"),
    [
        ('source = "shop-orders"', "", "mapping_field_missing", "source"),
        ("shop-orders", "Shop Orders!", "mapping_field_wrong", "source"),
        ('format = "csv"', 'format = "xls"', "mapping_field_wrong", "format"),
        ('format = "csv"', 'format = "csv"\nheader = false', "mapping_field_missing", "columns"),
        ('format = "csv"', 'format = "csv"\nencoding = "klingon"', "mapping_field_wrong", "encoding"),
        ('format = "csv"', 'format = "csv"\nseparator = "||"', "mapping_field_wrong", "separator"),
        ('format = "csv"', 'format = "csv"\nseperator = ";"', "mapping_field_unknown", "seperator"),
        ('platform = "shop"', 'platform = "myspace"', "mapping_field_wrong", "platform"),
        ('kind = "ordered"', 'kind = "bought"', "mapping_field_wrong", "activity[1].kind"),
        ('actor = "customer"\n', "", "mapping_field_missing", "activity[0].actor"),
        (', zone = "Asia/Shanghai"', "", "mapping_field_missing", "activity[0].time.zone"),
        ("Asia/Shanghai", "Asia/Nowhere", "mapping_field_wrong", "activity[0].time.zone"),
        ('"iso"', '"roman"', "mapping_field_wrong", "activity[0].time.format"),
        ('amount = { column = "paid", currency = "CNY" }', "", "mapping_field_missing", "activity[1].amount"),
        ('currency = "CNY"', 'currency = "yuan"', "mapping_field_wrong", "activity[1].amount.currency"),
        ('phone = "phone"', 'fone = "phone"', "mapping_field_unknown", "activity[0].traits.fone"),
        ('in = ["paid", "shipped"]', "in = [3]", "mapping_field_wrong", "activity[1].when.in"),
        ('quantity = "pieces"', "quantity = 3", "mapping_field_wrong", "activity[1].quantity"),
    ],
)
def test_a_wrong_mapping_is_refused_with_the_exact_field(old: str, new: str, code: str, detail: str) -> None:
    assert refusal(GOOD.replace(old, new, 1)) == (code, detail)


def test_a_format_that_carries_its_zone_needs_none_and_refuses_a_second() -> None:
    unix = GOOD.replace('"iso", zone = "Asia/Shanghai"', '"unix"')
    assert parse_mapping(unix).activities[0].time.zone is None
    assert refusal(unix.replace('"unix"', '"unix", zone = "UTC"', 1))[1] == "activity[0].time.zone"
    carried = GOOD.replace('zone = "Asia/Shanghai"', 'zone = "carried"')
    assert parse_mapping(carried).activities[0].time.zone is None
    pattern = GOOD.replace('"iso", zone = "Asia/Shanghai"', '"%d.%m.%Y", zone = "carried"')
    assert refusal(pattern)[1] == "activity[0].time.zone"


def test_a_column_that_the_file_cannot_have_is_refused() -> None:
    fixed = GOOD.replace('format = "csv"', 'format = "fixed"\ncolumns = { number = [1, 5] }')
    assert refusal(fixed)[0] == "column_missing"


def test_what_is_no_toml_or_no_file_is_refused(tmp_path: Path) -> None:
    assert refusal("source = ")[0] == "mapping_unreadable"
    with pytest.raises(Refused, match="mapping_unreadable"):
        read_mapping(tmp_path / "nowhere.toml")
