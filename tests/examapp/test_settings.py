"""Settings: a wrong value stops the start and names its variable; secrets are made once, and never in production."""

import re
import stat
from pathlib import Path
from threading import Thread

import pytest

from examapp.settings import VARIABLES, Settings, WrongSetting, load_settings

SECRET = "s" * 32
ROOT = "0f" * 32
PRODUCTION = {"DATABASE_URL": "postgresql://u:p@db/exam", "SECRET_KEY": SECRET, "NODE_ROOT": ROOT}


def _load(folder: Path, **given: str) -> Settings:
    return load_settings({"INSTANCE_DIR": str(folder), **given})


def test_nothing_need_be_set(tmp_path: Path) -> None:
    settings = _load(tmp_path)
    assert (settings.embedded, settings.host, settings.port) == (True, "127.0.0.1", 8000)
    assert (settings.workers, settings.threads) == (2, 16)
    assert (settings.secure_cookies, settings.may_open_programmed) == (False, True)
    for name in ("secret_key", "node_root"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_made_secrets_stay_the_same_and_differ_from_each_other(tmp_path: Path) -> None:
    first, second = _load(tmp_path), _load(tmp_path)
    assert (first.secret_key, first.node_root) == (second.secret_key, second.node_root)
    assert first.keys.node_pub == second.keys.node_pub
    assert first.node_root.hex() not in first.secret_key


def test_processes_that_start_at_once_get_the_same_secrets(tmp_path: Path) -> None:
    seen: list[tuple[str, bytes]] = []

    def start() -> None:
        settings = _load(tmp_path)
        seen.append((settings.secret_key, settings.node_root))

    threads = [Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    settings = _load(tmp_path, **PRODUCTION)
    assert SECRET not in repr(settings)
    assert repr(bytes.fromhex(ROOT)) not in repr(settings)


@pytest.mark.parametrize(
    ("given", "variable"),
    [
        ({"DATABASE_URL": "mysql://u@h/d"}, "DATABASE_URL"),
        ({**PRODUCTION, "SECRET_KEY": ""}, "SECRET_KEY"),
        ({**PRODUCTION, "SECRET_KEY": "short"}, "SECRET_KEY"),
        ({**PRODUCTION, "NODE_ROOT": ""}, "NODE_ROOT"),
        ({**PRODUCTION, "NODE_ROOT": "0f" * 31}, "NODE_ROOT"),
        ({**PRODUCTION, "NODE_ROOT": "", "NODE_ROOT_FILE": "/nowhere"}, "NODE_ROOT_FILE"),
        ({"NODE_ROOT": "zz" * 32}, "NODE_ROOT"),
        ({"PORT": "0"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"PORT": "８０００"}, "PORT"),
        ({"WORKERS": "two"}, "WORKERS"),
        ({"THREADS": "-1"}, "THREADS"),
        ({"TRUSTED_PROXIES": "9"}, "TRUSTED_PROXIES"),
        ({"TLS_CERTIFICATE": "/nowhere"}, "TLS_CERTIFICATE"),
        ({"TLS_CERTIFICATE": __file__}, "TLS_KEY"),
        ({"TLS_KEY": __file__}, "TLS_CERTIFICATE"),
        ({"DEFAULT_LANGUAGE": "fr"}, "DEFAULT_LANGUAGE"),
        ({"MAX_UPLOAD_BYTES": "1"}, "MAX_UPLOAD_BYTES"),
        ({"MAX_FORM_BYTES": "1e6"}, "MAX_FORM_BYTES"),
    ],
)
def test_a_wrong_value_is_refused_by_name(tmp_path: Path, given: dict[str, str], variable: str) -> None:
    with pytest.raises(WrongSetting, match=rf"Biến {variable}:") as caught:
        _load(tmp_path, **given)
    assert caught.value.variable == variable
    assert variable in VARIABLES


def test_production_makes_no_secret_of_its_own(tmp_path: Path) -> None:
    _load(tmp_path, **PRODUCTION)
    assert list(tmp_path.iterdir()) == []


def test_the_root_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "root").write_text(f"{ROOT}\n")
    settings = _load(tmp_path, **PRODUCTION | {"NODE_ROOT": "", "NODE_ROOT_FILE": str(tmp_path / "root")})
    assert settings.node_root.hex() == ROOT


@pytest.mark.parametrize(
    ("given", "secure", "may_open"),
    [
        ({}, False, True),
        ({"HOST": "0.0.0.0"}, False, False),
        ({"HOST": "::1"}, False, True),
        ({"HOST": "127.0.0.1", "TRUSTED_PROXIES": "1"}, True, True),
        ({"HOST": "0.0.0.0", "TLS_CERTIFICATE": __file__, "TLS_KEY": __file__}, True, True),
    ],
)
def test_browsers_have_cryptography_only_under_tls_or_on_loopback(
    tmp_path: Path, given: dict[str, str], secure: bool, may_open: bool
) -> None:
    settings = _load(tmp_path, **given)
    assert (settings.secure_cookies, settings.may_open_programmed) == (secure, may_open)


def test_every_variable_is_documented_and_every_documented_variable_exists() -> None:
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)
    assert documented == list(VARIABLES), "docs/settings.md and settings.VARIABLES differ"
    source = (Path(__file__).parents[2] / "examapp" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'given(?:\.get\(|, )"([A-Z_]+)"', source))
    assert read == set(VARIABLES)
