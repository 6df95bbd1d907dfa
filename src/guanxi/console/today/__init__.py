"""The page that is opened first: what needs somebody today, whom to thank, what is ahead."""
