import pytest

from taishan.config import env


@pytest.mark.parametrize(
    ("name", "value"),
    [("TAISHAN_HOUSE", "x"), ("TAISHAN_CLOCK_OFFSET_S", "soon"), ("TAISHAN_DEBUG", "perhaps")],
)
def test_an_unknown_or_bad_setting_stops_the_start_by_name(name: str, value: str) -> None:
    with pytest.raises(SystemExit, match=name):
        env.read({name: value})


def test_one_database_url_alone_is_refused() -> None:
    with pytest.raises(SystemExit, match="TAISHAN_OWNER_DATABASE_URL"):
        env.read({"TAISHAN_DATABASE_URL": "postgresql://localhost/x"})
