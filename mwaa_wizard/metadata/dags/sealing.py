"""Sealed secrets: AES-256-GCM, its key wrapped by RSA-OAEP-SHA256 to a key pair that lives in the target only."""

import base64
import hashlib
import json
import os
import zlib

SEAL = "RSA-OAEP-SHA256+AES-256-GCM"
KEY_BITS = 3072


def key_variable(session):
    """Name of the Airflow variable that holds the private half."""
    return OWN_VARIABLES + session


def new_private_key():
    """A fresh RSA private key as PEM text (PKCS 8, to be encrypted by Airflow's Fernet at rest)."""
    from cryptography.hazmat.backends import default_backend
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS, backend=default_backend())
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")


def load_private_key(pem):
    """The private key object of a PEM text."""
    from cryptography.hazmat.backends import default_backend
    from cryptography.hazmat.primitives import serialization

    return serialization.load_pem_private_key(pem.encode("ascii"), password=None, backend=default_backend())


def public_pem(private_key):
    """The public half as PEM bytes."""
    from cryptography.hazmat.primitives import serialization

    return private_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def oaep():
    """The padding both sides use."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    return padding.OAEP(mgf=padding.MGF1(algorithm=hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


def seal(items, pem, table, run_id):
    """Encrypt a list of plain dictionaries to the public key; the document's bytes.

    The table and the export's run id are authenticated with it: one document cannot stand in for another.
    """
    from cryptography.hazmat.backends import default_backend
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    public = serialization.load_pem_public_key(pem, backend=default_backend())
    if getattr(public, "key_size", 0) < KEY_BITS:
        raise Refused("The public key in the bucket is not an RSA key of %d bits or more." % KEY_BITS)
    key, nonce = os.urandom(32), os.urandom(12)
    plain = zlib.compress(json.dumps(items).encode("utf-8"), 6)
    cipher = AESGCM(key).encrypt(nonce, plain, ("%s:%s" % (table, run_id)).encode("utf-8"))
    document = {
        "format": FORMAT, "seal": SEAL, "table": table, "run_id": run_id,
        "public_key_sha256": hashlib.sha256(pem).hexdigest(),
        "key": base64.b64encode(public.encrypt(key, oaep())).decode("ascii"),
        "nonce": base64.b64encode(nonce).decode("ascii"),
        "data": base64.b64encode(cipher).decode("ascii"),
    }
    return json.dumps(document).encode("ascii")


def unseal(data, private_key, table, run_id):
    """The list of plain dictionaries in a sealed document; Refused if it was not made for us or was changed."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    document = json.loads(data.decode("ascii"))
    if document.get("seal") != SEAL:
        raise Refused("The sealed %s are in a form this file does not know." % table)
    try:
        key = private_key.decrypt(base64.b64decode(document["key"]), oaep())
        plain = AESGCM(key).decrypt(
            base64.b64decode(document["nonce"]), base64.b64decode(document["data"]),
            ("%s:%s" % (table, run_id)).encode("utf-8"))
    except (InvalidTag, ValueError):
        raise Refused("The sealed %s were not made for this environment's key, or were changed." % table)
    return json.loads(zlib.decompress(plain).decode("utf-8"))


def stored_private_key(session):
    """PEM text of the session's private key in this Airflow, or None.

    Read from the metadata database itself, not through a secrets backend that may not answer.
    """
    from airflow import settings
    from airflow.models import Variable

    orm = settings.Session()
    try:
        row = orm.query(Variable).filter(Variable.key == key_variable(session)).first()
        return None if row is None else row.get_val()
    finally:
        orm.rollback()
        orm.close()
