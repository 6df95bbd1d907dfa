"""Tables of the doors: who may send."""

from __future__ import annotations

from django.db import models


class WriteKey(models.Model):
    """A key with which a client may send; only its hash is kept, and it is shown once."""

    name = models.TextField(unique=True)
    key_hash = models.BinaryField(unique=True)
    platform = models.TextField()
    account = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "write_key"

    def __str__(self) -> str:
        return self.name
