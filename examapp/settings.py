"""What differs between machines: read once from the environment, checked, frozen. The only reader of `os.environ`.

A wrong value stops the start and names the variable. `docs/settings.md` explains every variable; a test compares the
two.
"""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from examapp.core.postgres import EmbeddedPostgres
from examapp.integrity.keys import ROOT_BYTES, NodeKeys

PROJECT = Path(__file__).resolve().parents[1]

#: every variable the application reads, in the order of docs/settings.md
VARIABLES = (
    "DATABASE_URL",
    "INSTANCE_DIR",
    "SECRET_KEY",
    "NODE_ROOT",
    "NODE_ROOT_FILE",
    "HOST",
    "PORT",
    "WORKERS",
    "THREADS",
    "TLS_CERTIFICATE",
    "TLS_KEY",
    "TRUSTED_PROXIES",
    "DEFAULT_LANGUAGE",
    "REHEARSAL_TRIES",
    "MAX_UPLOAD_BYTES",
    "MAX_FORM_BYTES",
)

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class WrongSetting(Exception):
    """A variable is missing or has a value that cannot be used; the message names it."""

    def __init__(self, variable: str, why: str) -> None:
        super().__init__(f"Biến {variable}: {why}")
        self.variable = variable


@dataclass(frozen=True)
class Settings:
    """Everything the application is told by its surroundings."""

    #: None: the application runs its own PostgreSQL
    database_url: str | None
    instance_dir: Path
    secret_key: str = field(repr=False)
    node_root: bytes = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 16
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    #: how many proxies stand in front and may say who the client is
    trusted_proxies: int = 0
    default_language: str = "vi"
    #: how often one candidate may sit one rehearsal
    rehearsal_tries: int = 10
    max_upload_bytes: int = 32 * 1024 * 1024
    max_form_bytes: int = 1024 * 1024

    @cached_property
    def keys(self) -> NodeKeys:
        """Return the node's keys, all derived from its root."""
        return NodeKeys(self.node_root)

    @property
    def embedded(self) -> bool:
        """Tell whether the application runs its own PostgreSQL."""
        return self.database_url is None

    @property
    def database_home(self) -> Path:
        """Return the folder of the embedded database."""
        return self.instance_dir / "postgres"

    @cached_property
    def database_address(self) -> str:
        """Return the address of the database, the embedded one's included; whether it runs is another matter."""
        return self.database_url or EmbeddedPostgres(self.database_home).url

    @property
    def tls(self) -> bool:
        """Tell whether the server itself speaks TLS."""
        return self.tls_certificate is not None

    @property
    def loopback(self) -> bool:
        """Tell whether only this machine can connect, which browsers treat like HTTPS."""
        return self.host in _LOOPBACK and not self.trusted_proxies

    @property
    def secure_cookies(self) -> bool:
        """Tell whether cookies must be `Secure`: under TLS, or behind a proxy, which must speak it."""
        return self.tls or self.trusted_proxies > 0

    @property
    def may_open_programmed(self) -> bool:
        """Tell whether a programmed sitting may open: browsers have no crypto on plain http to a network address."""
        return self.secure_cookies or self.loopback


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that the environment asks for; make missing secrets of an embedded installation.

    Raises WrongSetting.
    """
    given = os.environ if environ is None else environ
    database_url = given.get("DATABASE_URL") or None
    if database_url and not database_url.startswith(("postgresql://", "postgres://")):
        raise WrongSetting("DATABASE_URL", "phải có dạng postgresql://tài-khoản:mật-khẩu@máy/cơ-sở-dữ-liệu")
    instance = Path(given.get("INSTANCE_DIR") or PROJECT / "instance").absolute()
    certificate, key = _file(given, "TLS_CERTIFICATE"), _file(given, "TLS_KEY")
    if (certificate is None) != (key is None):
        raise WrongSetting("TLS_KEY" if certificate else "TLS_CERTIFICATE", "TLS cần cả chứng thư và khoá")
    language = given.get("DEFAULT_LANGUAGE") or "vi"
    if language not in ("vi", "en"):
        raise WrongSetting("DEFAULT_LANGUAGE", f"chỉ nhận vi hoặc en, không nhận “{language}”")
    return Settings(
        database_url=database_url,
        instance_dir=instance,
        secret_key=_secret_key(given, instance, bool(database_url)),
        node_root=_node_root(given, instance, bool(database_url)),
        host=given.get("HOST") or "127.0.0.1",
        port=_number(given, "PORT", 8000, (1, 65535)),
        workers=_number(given, "WORKERS", 2, (1, 64)),
        threads=_number(given, "THREADS", 16, (1, 256)),
        tls_certificate=certificate,
        tls_key=key,
        trusted_proxies=_number(given, "TRUSTED_PROXIES", 0, (0, 5)),
        default_language=language,
        rehearsal_tries=_number(given, "REHEARSAL_TRIES", 10, (1, 1000)),
        max_upload_bytes=_number(given, "MAX_UPLOAD_BYTES", 32 * 1024 * 1024, (1024, 1024**3)),
        max_form_bytes=_number(given, "MAX_FORM_BYTES", 1024 * 1024, (1024, 64 * 1024 * 1024)),
    )


def _number(given: Mapping[str, str], variable: str, default: int, limits: tuple[int, int]) -> int:
    text = given.get(variable) or str(default)
    low, high = limits
    if not re.fullmatch(r"[0-9]{1,12}", text) or not low <= int(text) <= high:
        raise WrongSetting(variable, f"phải là số nguyên từ {low} đến {high}, không nhận “{text}”")
    return int(text)


def _file(given: Mapping[str, str], variable: str) -> Path | None:
    text = given.get(variable)
    if not text:
        return None
    path = Path(text).absolute()
    if not path.is_file():
        raise WrongSetting(variable, f"không có tệp {path}")
    return path


def _secret_key(given: Mapping[str, str], instance: Path, production: bool) -> str:
    value = given.get("SECRET_KEY")
    if value:
        if len(value) < 32:
            raise WrongSetting("SECRET_KEY", "phải dài ít nhất 32 ký tự ngẫu nhiên")
        return value
    if production:
        raise WrongSetting("SECRET_KEY", "bắt buộc khi đã đặt DATABASE_URL")
    return _kept(instance / "secret_key", lambda: secrets.token_urlsafe(48))


def _node_root(given: Mapping[str, str], instance: Path, production: bool) -> bytes:
    variable, text = "NODE_ROOT", given.get("NODE_ROOT")
    if not text:
        variable, path = "NODE_ROOT_FILE", _file(given, "NODE_ROOT_FILE")
        if path:
            text = path.read_text(encoding="ascii", errors="replace").strip()
        elif production:
            raise WrongSetting("NODE_ROOT", "bắt buộc khi đã đặt DATABASE_URL (hoặc NODE_ROOT_FILE: tệp chứa nó)")
        else:
            text = _kept(instance / "node_root", lambda: secrets.token_hex(ROOT_BYTES))
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise WrongSetting(variable, "phải là 64 chữ số thập lục phân (32 byte ngẫu nhiên)")
    return bytes.fromhex(text)


def _kept(path: Path, make: Callable[[], str]) -> str:
    """Return the secret in `path`, made at the first start; two processes that start at once get the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    if not path.exists():
        unfinished.touch(mode=0o600)
        unfinished.write_text(make() + "\n", encoding="ascii")
        try:
            os.link(unfinished, path)
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
    return path.read_text(encoding="ascii").strip()
