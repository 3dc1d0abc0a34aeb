"""The command `examapp`: run the server, look after its database, do the few deeds that need no browser.

Everything a command does beyond reading its arguments is one call into the application.
"""

import argparse
import getpass
import ipaddress
import logging
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from examapp import wiring
from examapp.access.actor import SYSTEM, RoleGrant
from examapp.access.roles import Role
from examapp.accounts.services import create_account
from examapp.audit.queries import EventFilter, find_event, verify_chains
from examapp.audit.services import erase_details
from examapp.audit.services.exporting import export_lines
from examapp.core import certificate
from examapp.core.clock import SystemClock
from examapp.core.db import durability_gaps, engine_for, snapshot, unit_of_work
from examapp.core.errors import ServiceError
from examapp.core.jobs import SITTING_QUEUE
from examapp.core.parent import die_with_parent
from examapp.core.postgres import EmbeddedPostgres
from examapp.core.postgres_programs import DatabaseUnavailable
from examapp.core.schema import (
    WrongRevision,
    current_revision,
    database_name,
    downgrade,
    holds_rows,
    require_latest,
    upgrade,
)
from examapp.core.supervisor import CannotServe, serve
from examapp.core.worker import Worker
from examapp.demo.seed import run_demo
from examapp.integrity.chain import Broken
from examapp.settings import Settings, WrongSetting, load_settings

#: exit codes, from sysexits.h where it has one; operations.md explains them
OK, REFUSED, BROKEN_CHAIN, NO_DATABASE, CANNOT_SERVE, WRONG_SETTING = 0, 1, 3, 69, 75, 78


class Refused(Exception):
    """A command that destroys data was not confirmed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every foreseen failure is one sentence on stderr."""
    chosen = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        code: int = chosen.run(load_settings(), chosen)
        return code
    except WrongSetting as error:
        return _fail(WRONG_SETTING, error)
    except DatabaseUnavailable as error:
        return _fail(NO_DATABASE, error)
    except OperationalError as error:
        return _fail(NO_DATABASE, f"Không làm việc được với cơ sở dữ liệu: {error.orig}")
    except CannotServe as error:
        return _fail(CANNOT_SERVE, error)
    except ServiceError as error:
        return _fail(REFUSED, error.text())
    except (certificate.NotLocal, WrongRevision, Refused) as error:
        return _fail(REFUSED, error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="examapp", description="Khảo thí công vụ: máy chủ và các lệnh quản trị.")
    commands = parser.add_subparsers(required=True, metavar="LỆNH")

    _add(commands, "serve", _serve, "chạy toàn bộ: cơ sở dữ liệu, máy chủ web, việc chạy nền")
    _add(commands, "demo", _demo, "nạp dữ liệu ví dụ, in cách đăng nhập, rồi chạy toàn bộ")
    work = _add(commands, "worker", _work, "chỉ chạy các việc nền (serve tự gọi lệnh này)")
    work.add_argument("--queue", choices=[SITTING_QUEUE], help="chỉ những việc ca thi đang chờ; không ghi là mọi việc")
    migrate = _add(commands, "migrate", _migrate, "đưa cơ sở dữ liệu lên cấu trúc mới nhất")
    migrate.add_argument("--to", metavar="SỐ", help="dừng ở, hoặc lùi về, bước này (ví dụ 0007; base là lùi hết)")
    migrate.add_argument("--yes", action="store_true", help="lùi mà không hỏi lại, dù dữ liệu của các bước ấy bị xóa")

    audit = commands.add_parser("audit", help="nhật ký").add_subparsers(required=True, metavar="VIỆC")
    _add(audit, "verify", _verify_audit, "kiểm tra mọi chuỗi nhật ký")
    erase = _add(audit, "erase", _erase_details, "xóa chi tiết của một sự kiện theo luật; sự kiện và chuỗi vẫn còn")
    erase.add_argument("scope", metavar="NHẬT_KÝ", help="system, exam:… hoặc sitting:…, như audit verify in ra")
    erase.add_argument("number", type=int, metavar="SỐ", help="số của sự kiện trong nhật ký ấy")
    erase.add_argument("--reason", required=True, metavar="LÝ_DO", help="được ghi vào nhật ký hệ thống")

    export = _add(audit, "export", _export_audit, "xuất trọn nhật ký ra tệp để kiểm tra ở máy khác")
    export.add_argument("file", type=Path, metavar="TỆP", help="tệp .jsonl; không ghi đè tệp đang có")

    account = commands.add_parser("account", help="tài khoản").add_subparsers(required=True, metavar="VIỆC")
    create = _add(account, "create", _create_account, "lập tài khoản; mật khẩu tạm được in ra một lần")
    create.add_argument("username", metavar="TÊN_ĐĂNG_NHẬP")
    create.add_argument("--name", required=True, metavar="HỌ_TÊN")
    create.add_argument("--role", choices=[role.value for role in Role], default=Role.ADMINISTRATOR.value)
    create.add_argument("--ask-password", action="store_true", help="hỏi mật khẩu thay vì tạo ngẫu nhiên")

    issue = _add(commands, "certificate", _issue_certificate, "lập chứng thư HTTPS cho mạng nội bộ")
    issue.add_argument("names", nargs="+", metavar="TÊN_MÁY_HOẶC_ĐỊA_CHỈ")
    issue.add_argument("--new-authority", action="store_true", help="lập lại cơ quan chứng thực của điểm thi")
    return parser


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[Settings, argparse.Namespace], int],
    help_text: str,
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=help_text, description=help_text)
    command.set_defaults(run=run)
    return command


def _serve(settings: Settings, chosen: argparse.Namespace) -> int:
    # Our own server has them on; of another one nobody may find out only after a power cut.
    for name in [] if settings.embedded else durability_gaps(settings.database_address):
        print(f"CẢNH BÁO: máy chủ PostgreSQL đặt {name} = off, mất điện có thể mất bài đã nhận.", file=sys.stderr)
    serve(settings, _say)
    return OK


def _demo(settings: Settings, chosen: argparse.Namespace) -> int:
    serve(settings, _say, lambda: run_demo(settings, settings.database_address, sys.stdout))
    return OK


def _work(settings: Settings, chosen: argparse.Namespace) -> int:
    die_with_parent()
    wiring.connect_events()
    with _database(settings) as url:
        Worker(url, settings.keys, queue=chosen.queue).run()
    return OK


def _migrate(settings: Settings, chosen: argparse.Namespace) -> int:
    with _database(settings) as url:
        before = current_revision(url)
        if chosen.to and before and (chosen.to == "base" or chosen.to < before):
            if not chosen.yes and holds_rows(url):
                _confirm_going_back(database_name(url), chosen.to)
            downgrade(url, chosen.to)
        else:
            upgrade(url, chosen.to or "head")
        _say(f"Cấu trúc cơ sở dữ liệu: {before or 'trống'} → {current_revision(url) or 'trống'}")
    return OK


def _confirm_going_back(database: str, step: str) -> None:
    """Have the database's name typed; raise Refused for another one, and where nobody is there to type."""
    lost = "toàn bộ dữ liệu" if step == "base" else f"dữ liệu của các bước sau {step}"
    if not sys.stdin.isatty():
        raise Refused(f"Lùi về {step} xóa {lost} trong “{database}”. Sao lưu trước, rồi chạy lại với --yes.")
    if input(f"Lùi về {step} xóa {lost}. Gõ tên cơ sở dữ liệu ({database}) để xác nhận: ").strip() != database:
        raise Refused("Tên không khớp; chưa xóa gì.")


def _verify_audit(settings: Settings, chosen: argparse.Namespace) -> int:
    with _database(settings) as url:
        require_latest(url)  # whoever verifies must not change what is verified: no migration here
        with _engine(url) as engine, snapshot(engine) as session:
            outcome = verify_chains(session, settings.keys)
    for scope, result in outcome.items():
        if isinstance(result, Broken):
            _say(f"HỎNG  {scope}: {result.text()}")
        else:
            counts = (
                f"{result.length} sự kiện, {result.unanchored} chưa neo vào bản in, {result.erased} đã xoá chi tiết"
            )
            _say(f"đúng  {scope}: {counts}")
    return BROKEN_CHAIN if any(isinstance(result, Broken) for result in outcome.values()) else OK


def _export_audit(settings: Settings, chosen: argparse.Namespace) -> int:
    with _database(settings) as url:
        require_latest(url)
        with _engine(url) as engine, snapshot(engine) as session:
            lines = export_lines(session, EventFilter(), now=SystemClock().now(), keys=settings.keys)
            try:
                with chosen.file.open("xb") as file:
                    file.writelines(lines)
            except OSError as error:
                raise Refused(f"Không ghi được {chosen.file}: {error.strerror}.") from error
    _say(f"Đã xuất nhật ký ra {chosen.file}. Kiểm tra ở máy khác: python scripts/verify_log.py {chosen.file}")
    return OK


def _erase_details(settings: Settings, chosen: argparse.Namespace) -> int:
    with _session(settings) as session:
        event = find_event(session, chosen.scope, chosen.number)
        erase_details(session, event, reason=chosen.reason, actor=SYSTEM, now=SystemClock().now())
        _say(f"Đã xóa chi tiết của sự kiện {chosen.scope}#{chosen.number} ({event.action}); chuỗi nhật ký vẫn nguyên.")
    return OK


def _create_account(settings: Settings, chosen: argparse.Namespace) -> int:
    password = getpass.getpass("Mật khẩu: ") if chosen.ask_password else secrets.token_urlsafe(12)
    with _session(settings) as session:
        create_account(
            session,
            chosen.username,
            chosen.name,
            password,
            grants=[RoleGrant(Role(chosen.role), "site", None)],
            must_change_password=not chosen.ask_password,
            actor=SYSTEM,
            now=SystemClock().now(),
        )
    _say(f"Đã lập tài khoản {chosen.username}.")
    if not chosen.ask_password:
        _say(f"Mật khẩu tạm (chỉ hiện một lần, phải đổi khi đăng nhập): {password}")
    return OK


def _issue_certificate(settings: Settings, chosen: argparse.Namespace) -> int:
    names = [_plain(name) for name in chosen.names]
    issued = certificate.issue(
        settings.instance_dir / "tls",
        names,
        port=settings.port,
        now=SystemClock().now(),
        new_authority=chosen.new_authority,
    )
    _say(
        f"Chứng thư máy chủ: {issued.certificate}\nKhoá: {issued.key}\n"
        f"Tờ hướng dẫn cài lên máy thí sinh: {issued.sheet}\n\n"
        f"Chạy máy chủ:\n  HOST=0.0.0.0 TLS_CERTIFICATE={issued.certificate} TLS_KEY={issued.key} examapp serve\n"
        f"rồi cài {issued.authority} lên các máy thí sinh theo tờ hướng dẫn."
    )
    return OK


def _plain(name: str) -> str:
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return name.lower().encode("idna").decode("ascii")


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    """Give the database's address, with the embedded server running for as long."""
    if not settings.embedded:
        yield settings.database_address
        return
    with EmbeddedPostgres(settings.database_home) as server:
        yield server.url


@contextmanager
def _session(settings: Settings) -> Iterator[Session]:
    """Give a committed deed's session on an up-to-date database."""
    with _database(settings) as url:
        upgrade(url)
        with _engine(url) as engine, unit_of_work(engine, settings.keys) as session:
            yield session


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = engine_for(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _say(line: str) -> None:
    print(line, flush=True)


def _fail(code: int, sentence: object) -> int:
    print(f"examapp: {sentence}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
