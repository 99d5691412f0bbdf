"""Networks: no request is led into one of our own, and whoever has many addresses is one."""

from ipaddress import ip_address

import pytest

from store.addresses.networks import is_public, network_of, site_of


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "2a01:4f8::1", "::ffff:1.1.1.1"]
)
def test_what_is_one_machine_s_on_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1", "192.0.2.1",
        "192.88.99.1", "198.18.0.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1",
        "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:a9fe:a9fe::", "fc00::1", "fd12::1", "fe80::1",
        "fec0::1", "ff02::1", "3fff::1", "5f00::1",
    ],
)  # fmt: skip
def test_what_leads_elsewhere_is_not(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    ("address", "network", "site"),
    [
        ("192.0.2.7", "192.0.2.7", None),
        ("::ffff:192.0.2.7", "192.0.2.7", None),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002::/64", "2001:0db8:0001:"),
        ("2001:db8:1:2::1", "2001:0db8:0001:0002::/64", "2001:0db8:0001:"),
        ("64:ff9b::c000:207", "192.0.2.7", None),
        ("fe80::1%eth0", "fe80:0000:0000:0000::/64", "fe80:0000:0000:"),
        ("unknown", "unknown", None),
        ("", "", None),
    ],
)
def test_an_address_is_of_a_network_and_a_site(address: str, network: str, site: str | None) -> None:
    assert (network_of(address), site_of(network_of(address))) == (network, site)
