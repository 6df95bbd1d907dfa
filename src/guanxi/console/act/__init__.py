"""Pages of Act: whom exactly, what goes out, and when."""
