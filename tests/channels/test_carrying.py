"""The transport of clients that know one host: to checked addresses only, under the certificate of the name."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from guanxi.channels.carrying import Checked
from guanxi.vocabulary.reasons import Refused

NAME = "api.example.com"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for the name, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    written, secret = folder / "certificate.pem", folder / "key.pem"
    written.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return written, secret


@pytest.fixture
def heard() -> list[bytes]:
    return []


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, heard: list[bytes]) -> Iterator[int]:
    """A server on this machine that every name leads to, and whose certificate is trusted for one."""
    written, secret = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(written))
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest, **more: resolve("127.0.0.1", *rest, **more)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(written, secret)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with server.accept()[0] as plain:
                try:
                    connection = context.wrap_socket(plain, server_side=True)
                    heard.append(connection.recv(4096))
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def test_the_name_is_asked_for_at_the_address_that_was_checked(port: int, heard: list[bytes]) -> None:
    with httpx.Client(transport=Checked(private=True)) as client:
        assert client.get(f"https://{NAME}:{port}/v2/x", params={"a": "b"}).text == "ok"
    assert heard[0].startswith(b"GET /v2/x?a=b HTTP/1.1\r\n")
    assert f"Host: {NAME}:{port}".encode() in heard[0]


def test_a_certificate_of_another_name_is_refused(port: int, heard: list[bytes]) -> None:
    with (
        httpx.Client(transport=Checked(private=True)) as client,
        pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        client.get(f"https://other.example.com:{port}/")
    assert heard == []


def test_a_name_that_leads_into_a_private_network_is_not_asked() -> None:
    with httpx.Client(transport=Checked(private=False)) as client:
        for address in ("http://127.0.0.1:1", "http://localhost:1", "http://10.0.0.1", "http://[::1]:1"):
            with pytest.raises(Refused, match="address_private"):
                client.get(address)
        with pytest.raises(httpx.ConnectError):
            client.get("http://no-such-host.invalid")
