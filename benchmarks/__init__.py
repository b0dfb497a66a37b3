"""How fast, how lean: `python -m benchmarks`. Measures the program as it is installed, from outside where it can."""
