"""What the codes of QR pictures mean."""
