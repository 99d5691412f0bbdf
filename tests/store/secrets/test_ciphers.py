"""What is encrypted is read with its own key alone, and each data folder keeps one."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from store.secrets.ciphers import Cipher, Unreadable, keep_key, kept_key


def test_what_is_encrypted_is_read_again_with_the_same_key_alone() -> None:
    hidden = Cipher(b"one").encrypt("Ștefan, 1234567890123")
    assert b"1234567890123" not in hidden
    assert Cipher(b"one").decrypt(hidden) == "Ștefan, 1234567890123"
    with pytest.raises(Unreadable):
        Cipher(b"two").decrypt(hidden)
    with pytest.raises(Unreadable):
        Cipher(b"one").decrypt(hidden[:-2] + b"AA")


def test_a_folder_keeps_one_key_whoever_comes_first(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _nr: kept_key(tmp_path / "data"), range(16)))
    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["cipher.key"]
    assert (tmp_path / "data" / "cipher.key").stat().st_mode & 0o777 == 0o600


def test_a_backups_key_takes_the_place_of_the_folders(tmp_path: Path) -> None:
    kept_key(tmp_path)
    keep_key(tmp_path, b"of the backup")
    assert kept_key(tmp_path) == b"of the backup"
