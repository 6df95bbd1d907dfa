"""What the whole round brought: incremental effect, Pareto, crosswalk."""
