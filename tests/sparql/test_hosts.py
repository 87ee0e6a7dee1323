"""Which other servers a list allows."""

from __future__ import annotations

import pytest

from kg.errors import ConfigError, RefusedError
from kg.sparql.hosts import Hosts, Place, listed

HOSTS = Hosts.of(["example.org", "http://store:3030", "https://[2001:db8::1]:8443"])


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("http://example.org", Place("http", "example.org", 80, "/")),
        ("https://EXAMPLE.org/a/b?c=d#e", Place("https", "example.org", 443, "/a/b?c=d")),
        ("https://example.org:443/?q", Place("https", "example.org", 443, "/?q")),
        ("http://store:3030/ds/query", Place("http", "store", 3030, "/ds/query", private=True)),
        ("https://[2001:DB8::1]:8443/x", Place("https", "2001:db8::1", 8443, "/x", private=True)),
    ],
)
def test_what_is_listed_is_allowed(address: str, place: Place) -> None:
    assert HOSTS.place(address) == place


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org:8080/",
        "http://sub.example.org/",
        "http://example.org.evil/",
        "http://example.org@evil/",
        "http://user@example.org/",
        "http://evil/example.org",
        "http://evil\\@example.org/",
        "http://example.org\\.evil/",
        "https://store:3030/",
        "http://store/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "//example.org/",
        "http:///x",
        "http://example.org:x/",
        "http://example.org/ x",
        "http://example.org/\r\nHost: evil",
        "http://éxample.org/",
        "http://[::1/",
        "",
    ],
)
def test_all_else_is_refused(address: str) -> None:
    with pytest.raises(RefusedError):
        HOSTS.place(address)
    with pytest.raises(RefusedError):
        Hosts().place(address)


def test_a_list_is_entries_with_commas_between() -> None:
    assert listed(" example.org, http://store:3030 ,") == ("example.org", "http://store:3030")
    assert listed("") == ()


@pytest.mark.parametrize("entry", ["example.org:80", "ftp://example.org", "http://example.org/path", "a b", "http://"])
def test_an_entry_that_is_neither_host_nor_origin_is_an_error(entry: str) -> None:
    with pytest.raises(ConfigError, match="allowed hosts"):
        listed(entry)
