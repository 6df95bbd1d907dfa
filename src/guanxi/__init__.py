"""Guanxi: a social CRM that correlates fans and customers, rewards love before money and speaks rarely."""
