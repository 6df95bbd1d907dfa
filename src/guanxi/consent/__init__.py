"""Who allowed what, for which purpose and channel; suppression; no profiling."""
