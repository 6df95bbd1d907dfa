"""`guanxi account`: add, change, list and remove the brand's accounts on platforms.

Each platform's own settings are its command's options. A secret comes from an option, a file, the environment
or a prompt; it is never printed.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from guanxi.channels.hook import Setting
from guanxi.channels.registry import platforms, settings_of
from guanxi.cli.opening import AsJson, DataFolder, opened
from guanxi.cli.printing import report
from guanxi.records.accounts import ZONE
from guanxi.vocabulary.reasons import Refused

app = typer.Typer(help="The brand's accounts on platforms.", no_args_is_help=True)
adding = typer.Typer(help="Add an account; its hook is /hooks/PLATFORM/NAME.", no_args_is_help=True)
changing = typer.Typer(help="Change settings of an account; those not named stay.", no_args_is_help=True)
app.add_typer(adding, name="add")
app.add_typer(changing, name="change")
Platform = Annotated[str, typer.Argument(help="Such as wechat.")]
Name = Annotated[str, typer.Argument(help="The account's name, as it stands in its hook.")]
_FILE = "_file"
_FILE_BYTES_MAX = 16_384


@app.command("list")
def list_(data: DataFolder = None, json: AsJson = False) -> None:
    """List the accounts; secrets are never shown."""
    with opened(data):
        from guanxi.records.actor import SYSTEM
        from guanxi.records.queries import accounts

        found = [
            {"platform": a.platform, "name": a.name, "zone": a.zone, "hook": f"/hooks/{a.platform}/{a.name}"}
            for a in accounts(SYSTEM)
        ]
    if json:
        report({"accounts": found}, json)
    for one in () if json else found:
        typer.echo(f"{one['platform']}  {one['name']}  {one['zone']}  {one['hook']}")


@app.command()
def remove(platform: Platform, name: Name, data: DataFolder = None) -> None:
    """Remove an account and its secrets; what was heard through it stays."""
    with opened(data):
        from guanxi.records.accounts import remove_account
        from guanxi.records.actor import SYSTEM

        remove_account(SYSTEM, platform, name)
    typer.echo(f"{platform}/{name} is removed.")


def _add(platform: str, name: str, zone: str, data: Path | None, given: dict[str, Any]) -> None:
    from guanxi.channels.registry import fitted_settings

    settings: dict[str, str] = {}
    for setting in settings_of(platform):
        settings[setting.name] = _value(setting, given, settings)
    fitted = fitted_settings(platform, settings)
    with opened(data) as installation:
        from guanxi.records.accounts import add_account
        from guanxi.records.actor import SYSTEM
        from guanxi.records.public_address import public_address

        add_account(SYSTEM, platform, name, zone, fitted)
        stated = public_address() or os.environ.get("GUANXI_FRONT_DOOR", "").rstrip("/")
        door = stated or installation.front_door or "<your front door>"
    typer.echo(f"{platform}/{name} is added. Enter {door}/hooks/{platform}/{name} at the platform.")


def _change(platform: str, name: str, data: Path | None, ask: list[str], given: dict[str, Any]) -> None:
    asked = _asked(platform, ask)
    told = {**_told(platform, given), **asked}
    zone = given.get("zone")
    if not told and zone is None:
        raise Refused("nothing_to_change")
    with opened(data):
        from guanxi.listen.hooks.actions_accounts import change_hooked_account
        from guanxi.records.actor import SYSTEM

        change_hooked_account(SYSTEM, platform, name, told, zone)
    typer.echo(f"{platform}/{name} is changed; the front door follows within five seconds.")


def _asked(platform: str, names: list[str]) -> dict[str, str]:
    """What whoever sits at the terminal says of the settings that they asked to be asked for."""
    known = {setting.name: setting for setting in settings_of(platform)}
    wanted = [name.replace("-", "_") for name in names]
    for name in wanted:
        if name not in known:
            raise Refused("setting_unknown", name)
    return {name: str(typer.prompt(name, hide_input=known[name].is_secret)) for name in wanted}


def _told(platform: str, given: dict[str, Any]) -> dict[str, str]:
    """The settings that an option, a file or the environment names; an empty one shall be gone."""
    named = [
        setting
        for setting in settings_of(platform)
        if any(given.get(setting.name + where) is not None for where in ("", _FILE))
    ]
    return {setting.name: _value(setting, given, {}) for setting in named}


def _value(setting: Setting, given: dict[str, Any], told: dict[str, str]) -> str:
    """From the option or the environment, else from the file, else from whoever sits at the terminal.

    Only what an account that was ``told`` so much cannot do without is asked for.
    """
    direct, file = given.get(setting.name), given.get(setting.name + _FILE)
    if direct is not None:
        return str(direct)
    if file is not None:
        return _file_text(file)
    if setting.is_needed(told) and not setting.default and sys.stdin.isatty():
        return str(typer.prompt(setting.name, hide_input=setting.is_secret))
    return ""


def _file_text(file: Path) -> str:
    try:
        with file.open("rb") as opened_file:
            return opened_file.read(_FILE_BYTES_MAX).decode().strip()
    except (OSError, UnicodeDecodeError):
        raise Refused("file_unreadable", str(file)) from None


def _command_of(platform: str) -> Callable[..., None]:
    """The platform's command, with an option for each of its settings."""

    def add(name: str, zone: str, data: Path | None, **given: Any) -> None:
        _add(platform, name, zone, data, given)

    parameters = [
        _parameter("name", Name, inspect.Parameter.empty),
        _parameter("zone", Annotated[str, typer.Option(help="The account's time zone.")], ZONE),
        _parameter("data", DataFolder, None),
        *(one for setting in settings_of(platform) for one in _options(setting)),
    ]
    return _as_command(add, f"Add an account on {platform}.", parameters)


def _change_of(platform: str) -> Callable[..., None]:
    """The platform's command that changes what it names and leaves the rest."""

    def change(name: str, data: Path | None, ask: list[str] | None, **given: Any) -> None:
        _change(platform, name, data, ask or [], given)

    about = "Ask for this setting at the terminal; may be repeated."
    parameters = [
        _parameter("name", Name, inspect.Parameter.empty),
        _parameter("zone", Annotated[str | None, typer.Option(help="The account's time zone.")], None),
        _parameter("ask", Annotated[list[str] | None, typer.Option(help=about)], None),
        _parameter("data", DataFolder, None),
        *(one for setting in settings_of(platform) for one in _options(setting)),
    ]
    return _as_command(change, f"Change an account on {platform}: what is not named stays.", parameters)


def _as_command(
    run: Callable[..., None], about: str, parameters: list[inspect.Parameter]
) -> Callable[..., None]:
    run.__doc__ = about
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    return run


def _options(setting: Setting) -> Iterator[inspect.Parameter]:
    spelt = f"--{setting.name.replace('_', '-')}"
    choices = f" One of {', '.join(setting.choices)}." if setting.choices else ""
    default = f" By default {setting.default}." if setting.default else ""
    option = typer.Option(
        spelt,
        help=f"{setting.label}: {setting.about[:1].lower()}{setting.about[1:]}{choices}{default}",
        envvar=f"GUANXI_{setting.name.upper()}",
        show_envvar=True,
    )
    yield _parameter(setting.name, Annotated[str | None, option], None)
    if setting.is_secret:
        file = typer.Option(f"{spelt}-file", help=f"File that holds the {setting.name}.", dir_okay=False)
        yield _parameter(setting.name + _FILE, Annotated[Path | None, file], None)


def _parameter(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


for _platform in platforms():
    if settings_of(_platform):
        adding.command(_platform)(_command_of(_platform))
        changing.command(_platform)(_change_of(_platform))
