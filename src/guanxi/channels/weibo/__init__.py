"""Weibo: rules only; people come by file, because the platform forbids keeping its data elsewhere."""
