"""Settings from the environment: typed, named when wrong, and complete in the reference."""

from pathlib import Path

import pytest

from taishan.config import bucket_url, env

ROOT = Path(__file__).parents[2]
PROVIDER = {
    "TAISHAN_OIDC_SERVER": "https://login.example.org/realms/group/",
    "TAISHAN_OIDC_CLIENT_ID": "taishan",
    "TAISHAN_OIDC_CLIENT_SECRET": "s",
}
BOTH_DATABASES = {
    "TAISHAN_DATABASE_URL": "postgresql://app@db/x",
    "TAISHAN_OWNER_DATABASE_URL": "host=db user=owner dbname=x",
}
MAIL_SERVER = {
    "TAISHAN_SMTP_HOST": "smtp.example.org",
    "TAISHAN_SMTP_USER": "taishan",
    "TAISHAN_SMTP_PASSWORD": "s",
    "TAISHAN_MAIL_FROM": "Taishan <taishan@example.org>",
    "TAISHAN_PUBLIC_URL": "https://taishan.example.org/",
}
GOOD = {
    "TAISHAN_HOME": "/srv/taishan",
    "TAISHAN_DATABASE_NAME": "branch_2",
    "TAISHAN_SECRET_KEY": "k" * 32,
    "TAISHAN_DEBUG": "0",
    "TAISHAN_SECURE": "1",
    "TAISHAN_ALLOWED_HOSTS": "taishan.example.org, localhost",
    "TAISHAN_CLOCK_OFFSET_S": "-3600.5",
    "TAISHAN_SIGN_IN_LINKS": "true",
    "TAISHAN_WORKER": "off",
    "TAISHAN_WEB_PROCESSES": "4",
    "TAISHAN_DOOR_PORT": "8021",
    "TAISHAN_OIDC_NAME": "Group login",
    "TAISHAN_OIDC_CLAIM": "employee_number",
    "TAISHAN_FILES_URL": "s3://key:a%2Fsecret@s3.example.org:9000/proof/taishan?region=cn-north-1",
    "TAISHAN_SEAL_FILE": "/mnt/elsewhere/seals.txt",
    "TAISHAN_SEAL_WEBHOOK": "https://notary.example.org/seals/",
    "TAISHAN_SMTP_PORT": "465",
    "TAISHAN_SMTP_SECURITY": "tls",
    "TAISHAN_WEBHOOK_HOSTS": "bi.intranet, 10.1.2.3",
    "TAISHAN_OUTSIDE": "1",
    **MAIL_SERVER,
    **PROVIDER,
    **BOTH_DATABASES,
}
BAD = [
    ("TAISHAN_HOME", __file__, "is a file"),
    ("TAISHAN_DATABASE_URL", "postgresql://[", "not an address of a database"),
    ("TAISHAN_OWNER_DATABASE_URL", "who=me", "not an address of a database"),
    ("TAISHAN_DATABASE_NAME", "a;drop", "not a name"),
    ("TAISHAN_SECRET_KEY", "short", "shorter than 32"),
    ("TAISHAN_DEBUG", "perhaps", "boolean"),
    ("TAISHAN_SECURE", "2", "boolean"),
    ("TAISHAN_ALLOWED_HOSTS", "https://taishan.example.org", "not names"),
    ("TAISHAN_ALLOWED_HOSTS", "", "not names"),
    ("TAISHAN_CLOCK_OFFSET_S", "soon", "number"),
    ("TAISHAN_CLOCK_OFFSET_S", "inf", "finite"),
    ("TAISHAN_SIGN_IN_LINKS", "sometimes", "boolean"),
    ("TAISHAN_WORKER", "two", "boolean"),
    ("TAISHAN_WEB_PROCESSES", "0", "greater than"),
    ("TAISHAN_DOOR_PORT", "66000", "less than"),
    ("TAISHAN_OIDC_SERVER", "http://login.example.org", "not an https address"),
    ("TAISHAN_OIDC_SERVER", "login.example.org", "not an https address"),
    ("TAISHAN_FILES_URL", "/srv/files", "not an address such as s3://"),
    ("TAISHAN_FILES_URL", "s3://key:secret@s3.example.org", "not an address such as s3://"),
    ("TAISHAN_FILES_URL", "s3://key:a/secret@s3.example.org/proof", "write / : @"),
    ("TAISHAN_FILES_URL", "s3://key@s3.example.org/proof", "key or secret is missing"),
    ("TAISHAN_FILES_URL", "s3+http://key:secret@s3.example.org/proof", "on this machine"),
    ("TAISHAN_FILES_URL", "s3://s3.example.org/proof?regoin=x", "unknown after the question mark"),
    ("TAISHAN_FILES_URL", "s3://s3.example.org/proof?style=round", "path (HOST/BUCKET)"),
    ("TAISHAN_SEAL_FILE", "seals.txt", "not a whole path"),
    ("TAISHAN_SEAL_WEBHOOK", "http://notary.example.org/seals/", "not an https address"),
    ("TAISHAN_SMTP_HOST", "smtp://smtp.example.org", "not names of servers"),
    ("TAISHAN_SMTP_PORT", "0", "greater than"),
    ("TAISHAN_SMTP_SECURITY", "some", "starttls"),
    ("TAISHAN_WEBHOOK_HOSTS", "https://bi.intranet", "not names of servers"),
    ("TAISHAN_OUTSIDE", "maybe", "boolean"),
    ("TAISHAN_MAIL_FROM", "Taishan", "not a sender"),
    ("TAISHAN_PUBLIC_URL", "taishan.example.org", "not an address"),
]
WHATEVER_IS_TEXT = {"TAISHAN_OIDC_" + name for name in ("CLIENT_ID", "CLIENT_SECRET", "NAME")} | {
    "TAISHAN_OIDC_CLAIM",
    "TAISHAN_SMTP_USER",
    "TAISHAN_SMTP_PASSWORD",
}
EVERY = {env.PREFIX + name.upper() for name in env.Environment.model_fields}


def test_every_setting_can_be_given() -> None:
    given = env.read(GOOD)

    assert set(GOOD) == EVERY
    assert given.model_fields_set == set(env.Environment.model_fields)
    assert given.allowed_hosts == "taishan.example.org,localhost"
    assert given.clock_offset_s == -3600.5


@pytest.mark.parametrize(("name", "value", "words"), BAD)
def test_a_bad_value_stops_the_start_by_name(name: str, value: str, words: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        env.read(GOOD | {name: value})

    assert str(stopped.value).startswith(f"{name}: ")
    assert words in str(stopped.value)


def test_every_setting_that_has_bad_values_was_given_one() -> None:
    assert {name for name, _value, _words in BAD} == EVERY - WHATEVER_IS_TEXT


def test_an_unknown_setting_stops_the_start_by_name_and_the_known_ones_are_listed() -> None:
    with pytest.raises(SystemExit) as stopped:
        env.read({"TAISHAN_HOUSE": "x"})

    assert str(stopped.value).startswith("TAISHAN_HOUSE: no such setting")
    assert all(name in str(stopped.value) for name in EVERY)


def test_variables_of_other_programs_are_none_of_ours() -> None:
    assert env.read({"HOME": "/root", "PATH": "/bin"}).database_url == ""


@pytest.mark.parametrize("name", sorted(BOTH_DATABASES))
def test_one_database_url_alone_is_refused(name: str) -> None:
    with pytest.raises(SystemExit, match="both TAISHAN_DATABASE_URL"):
        env.read({name: BOTH_DATABASES[name]})


@pytest.mark.parametrize("missing", sorted(PROVIDER))
def test_half_a_provider_is_refused_by_the_name_of_what_is_missing(missing: str) -> None:
    half = {name: value for name, value in PROVIDER.items() if name != missing}

    with pytest.raises(SystemExit, match=f"also needs {missing}$"):
        env.read(half)


@pytest.mark.parametrize("missing", sorted(MAIL_SERVER))
def test_half_a_mail_server_is_refused_by_the_name_of_what_is_missing(missing: str) -> None:
    half = {name: value for name, value in MAIL_SERVER.items() if name != missing}

    with pytest.raises(SystemExit, match=f"also needs {missing}$"):
        env.read(half)


def test_a_bucket_is_one_address_and_the_folder_is_used_without_one() -> None:
    given = env.read(GOOD).storage()["OPTIONS"]

    assert given == {
        "endpoint_url": "https://s3.example.org:9000", "bucket_name": "proof",
        "location": "taishan", "access_key": "key", "secret_key": "a/secret",
        "region_name": "cn-north-1", "addressing_style": "path",
    }  # fmt: skip
    assert env.read({}).storage() == {"BACKEND": "taishan.kit.media.FilesInHome"}


def test_a_bucket_without_its_packages_stops_the_start_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bucket_url, "find_spec", lambda _name: None)

    with pytest.raises(SystemExit, match=r"TAISHAN_FILES_URL: .* install taishan\[s3\]"):
        env.read({"TAISHAN_FILES_URL": "s3://s3.example.org/proof"})


def test_what_is_wrong_with_an_address_is_said_without_its_secret() -> None:
    with pytest.raises(SystemExit) as stopped:
        env.read({"TAISHAN_FILES_URL": "s3://key:hush/hush@s3.example.org/proof"})

    assert "hush" not in str(stopped.value)


@pytest.mark.parametrize("name", ["TAISHAN_OIDC_NAME", "TAISHAN_OIDC_CLAIM"])
def test_a_word_about_a_provider_without_one_is_refused(name: str) -> None:
    with pytest.raises(SystemExit, match="TAISHAN_OIDC_SERVER"):
        env.read({name: "x"})


def test_a_provider_may_be_written_with_or_without_the_last_slash() -> None:
    given = env.read(PROVIDER)

    assert given.oidc_server == "https://login.example.org/realms/group"
    assert given.oidc_origins() == ["https://login.example.org"]


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    home = env.read({"TAISHAN_HOME": str(tmp_path / "home")})

    assert home.key() == home.key()
    assert len(home.key()) >= env.KEY_MIN_CHARACTERS
    kept = tmp_path / "home" / "keys" / "secret_key"
    assert kept.stat().st_mode & 0o077 == 0
    assert kept.parent.stat().st_mode & 0o077 == 0


def test_a_home_that_cannot_be_written_stops_the_start_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(SystemExit, match=r"TAISHAN_HOME: .* cannot hold the instance"):
        env.read({"TAISHAN_HOME": str(tmp_path / "file" / "below")}).key()


def test_the_reference_names_every_setting_and_no_other() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    rows = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `TAISHAN")}

    assert rows == EVERY
