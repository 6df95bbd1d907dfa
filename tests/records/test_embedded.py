from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from guanxi.records import databases
from guanxi.records.actor import GRANTS, SYSTEM, Actor, Permission, Role, require
from guanxi.records.audit import record
from guanxi.records.embedded import EmbeddedPostgres, leftovers, socket_folder
from guanxi.records.installation import Installation
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.reasons import Refused


def test_each_database_has_a_role_that_cannot_enter_the_others(house: Installation) -> None:
    own = databases.address(house, Side.SOCIAL)
    foreign = databases.address(house, Side.CUSTOMERS)
    with psycopg.connect(own.conninfo()) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("guanxi_social",)
    crossed = databases.Address(own.host, own.port, foreign.name, own.user, own.password)
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(crossed.conninfo())


def test_a_wrong_password_is_refused(house: Installation) -> None:
    own = databases.address(house, Side.SOCIAL)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(databases.Address(own.host, own.port, own.name, own.user, "wrong").conninfo())


def test_the_socket_folder_is_private(house: Installation) -> None:
    assert socket_folder(house).stat().st_mode & 0o777 == 0o700


def test_secrets_are_readable_by_their_owner_only(house: Installation) -> None:
    assert (house.folder / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert "passwords" not in repr(house.secrets)


def test_a_second_process_borrows_the_running_server_and_leaves_it_running(house: Installation) -> None:
    with EmbeddedPostgres(house) as borrowed:
        assert borrowed.own_server is None
    assert leftovers(house)


def test_a_folder_without_an_installation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no_installation"):
        Installation.open(tmp_path)


def test_orm_and_sql_share_one_transaction(house: Installation) -> None:
    from guanxi.records.models import ChannelAccount

    with pytest.raises(RuntimeError), databases.transaction(databases.RELATIONSHIP) as connection:
        ChannelAccount.objects.create(platform="wechat", name="main", sealed=b"sealed")
        record(databases.RELATIONSHIP, SYSTEM, "account_added", "account:1")
        assert connection.execute("SELECT count(*) FROM channel_account").fetchone() == (1,)
        raise RuntimeError
    assert not ChannelAccount.objects.exists()
    assert databases.raw(databases.RELATIONSHIP).execute("SELECT count(*) FROM audit_entry").fetchone() == (
        0,
    )


def test_an_agency_is_refused_the_customers_side() -> None:
    agency = Actor(7, "agency", frozenset({Role.AGENCY}))
    for permission in (Permission.SEE_CUSTOMERS, Permission.SEE_LINKS, Permission.SEE_PERSONAL):
        with pytest.raises(Refused, match="not_permitted"):
            require(agency, permission)
    assert GRANTS[Role.ADMIN] == frozenset(Permission)
