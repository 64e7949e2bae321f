"""Certificates of authorities of our own, made by openssl."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

_DATES = {"valid": ("20200101000000Z", "20991231235959Z"), "expired": ("20200101000000Z", "20200201000000Z")}


class Authority:
    """One in a folder; what it signs lies there as NAME.crt and NAME.key."""

    def __init__(self, folder: Path, name: str) -> None:
        if shutil.which("openssl") is None:
            pytest.skip("openssl is not installed")
        folder.mkdir()
        self.folder, self.root = folder, folder / "root.crt"
        (folder / "index").touch()
        (folder / "serial").write_text("01\n")
        (folder / "conf").write_text(
            f"[ca]\ndefault_ca = own\n[own]\ndir = {folder}\ndatabase = {folder}/index\nserial = {folder}/serial\n"
            f"new_certs_dir = {folder}\ncertificate = {self.root}\nprivate_key = {folder}/root.key\n"
            "default_md = sha256\npolicy = any\nunique_subject = no\ncopy_extensions = copy\n"
            "[any]\ncommonName = supplied\n"
        )
        _openssl("req", "-x509", *_new(folder / "root.key"), "-out", str(self.root), "-subj", f"/CN={name}",
                 "-days", "3650")  # fmt: skip

    def sign(self, name: str, subject: str, *, host: str = "", dates: str = "valid") -> tuple[Path, Path]:
        """The certificate and the key of a subject, for a host or for a user."""
        request, certificate, key = (self.folder / f"{name}.{end}" for end in ("csr", "crt", "key"))
        names = ["-addext", f"subjectAltName=DNS:{host}"] if host else []
        _openssl("req", *_new(key), "-out", str(request), "-subj", f"/CN={subject}", *names)
        start, end = _DATES[dates]
        _openssl("ca", "-batch", "-config", str(self.folder / "conf"), "-in", str(request), "-out", str(certificate),
                 "-startdate", start, "-enddate", end, "-notext")  # fmt: skip
        key.chmod(0o600)
        return certificate, key


def _new(key: Path) -> tuple[str, ...]:
    return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", str(key))


def _openssl(*arguments: str) -> None:
    made = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
