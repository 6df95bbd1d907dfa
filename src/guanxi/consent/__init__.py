"""Who allowed what, for which purpose and channel; whom nobody may disturb; who is not to be profiled."""
