"""The command `examapp`: each foreseen failure is one sentence and a code of its own."""

from pathlib import Path

import pytest

from examapp import cli
from examapp.core import postgres_programs
from examapp.core.schema import current_revision, database_name, holds_rows
from examapp.integrity.exported_log import check_export
from tests.conftest import CommittedDatabase

SECRETS = {"SECRET_KEY": "s" * 40, "NODE_ROOT": "0a" * 32}


@pytest.fixture
def installation(committed_db: CommittedDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point the command at a database and a folder of this test's own."""
    for name, value in {**SECRETS, "DATABASE_URL": committed_db.url, "INSTANCE_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def test_an_account_is_made_with_a_password_shown_once(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["account", "create", "thu", "--name", "Nguyễn Thị Thu", "--role", "council_chair"]) == cli.OK
    out = capsys.readouterr().out
    assert "Đã lập tài khoản thu" in out
    assert "Mật khẩu tạm" in out

    assert cli.main(["account", "create", "thu", "--name", "Người khác"]) == cli.REFUSED
    assert "Traceback" not in capsys.readouterr().err


def test_the_audit_chains_are_verified_and_a_forged_one_is_named(
    installation: Path, committed_db: CommittedDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["account", "create", "thu", "--name", "Nguyễn Thị Thu"])
    assert cli.main(["audit", "verify"]) == cli.OK
    assert "đúng  system" in capsys.readouterr().out

    with committed_db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_events DISABLE TRIGGER USER")
        connection.exec_driver_sql("UPDATE audit_events SET actor_name = 'Không phải tôi'")
    assert cli.main(["audit", "verify"]) == cli.BROKEN_CHAIN
    assert "HỎNG  system" in capsys.readouterr().out


def test_the_whole_log_is_exported_and_checks_itself_elsewhere(
    installation: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["account", "create", "thu", "--name", "Nguyễn Thị Thu"])
    path = installation / "nhat-ky.jsonl"
    assert cli.main(["audit", "export", str(path)]) == cli.OK
    checked = check_export(path.read_bytes().splitlines())
    assert (checked.broken, checked.logs["system"].whole) == ([], True)
    assert str(path) in capsys.readouterr().out
    assert cli.main(["audit", "export", str(path)]) == cli.REFUSED, "it never writes over another file"
    assert "Không ghi được" in capsys.readouterr().err


def test_migrations_go_back_and_forth(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["migrate", "--to", "0009"]) == cli.OK
    assert "→ 0009" in capsys.readouterr().out
    assert cli.main(["migrate"]) == cli.OK
    assert "0009 →" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("flags", "typed", "goes"),
    [
        pytest.param([], None, False, id="nobody to ask"),
        pytest.param([], "khac", False, id="another name"),
        pytest.param([], "its own", True, id="its own name"),
        pytest.param(["--yes"], None, True, id="said beforehand"),
    ],
)
def test_data_is_dropped_only_when_that_is_confirmed(
    installation: Path,
    committed_db: CommittedDatabase,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    flags: list[str],
    typed: str | None,
    goes: bool,
) -> None:
    cli.main(["account", "create", "thu", "--name", "Nguyễn Thị Thu"])
    name = database_name(committed_db.url)
    monkeypatch.setattr("sys.stdin.isatty", lambda: typed is not None)
    monkeypatch.setattr("builtins.input", lambda _: name if typed == "its own" else typed)
    assert cli.main(["migrate", "--to", "base", *flags]) == (cli.OK if goes else cli.REFUSED)
    assert (current_revision(committed_db.url) is None) is goes
    assert holds_rows(committed_db.url) is not goes
    assert ("chưa xóa gì" in (err := capsys.readouterr().err)) is (typed == "khac")
    assert (f"“{name}”" in err and "--yes" in err) is (typed is None and not flags)


def test_the_details_of_an_event_are_erased_and_that_is_an_event(
    installation: Path, committed_db: CommittedDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["account", "create", "thu", "--name", "Nguyễn Thị Thu"])
    erase = ["audit", "erase", "system", "1", "--reason"]
    assert cli.main([*erase, "  "]) == cli.REFUSED
    assert cli.main([*erase, "Theo yêu cầu của đương sự"]) == cli.OK
    assert cli.main([*erase, "một lần nữa"]) == cli.REFUSED
    assert cli.main(["audit", "erase", "system", "99", "--reason", "x"]) == cli.REFUSED
    err = capsys.readouterr().err
    assert "Ghi lý do" in err
    assert "đã được xóa" in err
    assert "không có sự kiện số 99" in err
    assert cli.main(["audit", "verify"]) == cli.OK
    assert "1 đã xoá chi tiết" in capsys.readouterr().out
    with committed_db.engine.connect() as connection:
        last = "SELECT action, subject FROM audit_events WHERE scope = 'system' ORDER BY number DESC LIMIT 1"
        assert tuple(connection.exec_driver_sql(last).one()) == ("details.erased", "system#1")


@pytest.mark.parametrize("step", ["7", "9999"])
def test_a_step_that_does_not_exist_is_refused(
    installation: Path, step: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["migrate", "--to", step]) == cli.REFUSED
    assert f"“{step}”" in capsys.readouterr().err


def test_a_database_newer_than_the_code_is_refused(
    installation: Path, committed_db: CommittedDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    with committed_db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert cli.main(["migrate"]) == cli.REFUSED
    assert "mới hơn" in capsys.readouterr().err


def test_verifying_never_migrates(
    installation: Path, committed_db: CommittedDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["migrate", "--to", "0009"])
    assert cli.main(["audit", "verify"]) == cli.REFUSED
    assert "0009" in capsys.readouterr().err
    assert current_revision(committed_db.url) == "0009"


def test_a_database_that_does_not_answer_is_one_sentence(
    installation: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/nothing")
    for command in (["migrate"], ["audit", "verify"], ["account", "create", "thu", "--name", "Thu"]):
        assert cli.main(command) == cli.NO_DATABASE
        err = capsys.readouterr().err
        assert err.startswith("examapp: Không làm việc được với cơ sở dữ liệu:")
        assert "secret" not in err


def test_a_certificate_for_the_exam_room(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["certificate", "PhòngMáy", "192.168.1.10"]) == cli.OK
    assert "TLS_CERTIFICATE=" in capsys.readouterr().out
    assert (installation / "tls" / "server.crt").exists()
    assert cli.main(["certificate", "example.com"]) == cli.REFUSED


def test_a_wrong_setting_is_named(
    installation: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "eighty")
    assert cli.main(["migrate"]) == cli.WRONG_SETTING
    assert capsys.readouterr().err.startswith("examapp: Biến PORT:")


def test_without_postgresql_the_person_is_told_both_ways_out(
    installation: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setattr(postgres_programs, "_folders", lambda user: iter(()))
    assert cli.main(["migrate"]) == cli.NO_DATABASE
    err = capsys.readouterr().err
    assert "DATABASE_URL" in err
    assert "apt-get install postgresql" in err


def test_a_server_that_may_lose_what_it_took_is_named_before_it_serves(
    installation: Path,
    committed_db: CommittedDatabase,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    served: list[str] = []
    monkeypatch.setattr(cli, "serve", lambda settings, say: served.append(settings.database_address))
    with committed_db.engine.connect() as connection:
        fsync = connection.exec_driver_sql("SHOW fsync").scalar()
    assert cli.main(["serve"]) == cli.OK
    assert ("fsync = off" in capsys.readouterr().err) == (fsync == "off")
    assert served == [committed_db.url]
