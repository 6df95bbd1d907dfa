"""The words every room shares: ids, activities, platforms, points, money, time, reasons."""
