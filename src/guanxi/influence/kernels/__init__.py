"""Graph kernels over arrays: sampling, covering, certifying, spreading. NumPy and Numba only, no Django."""
