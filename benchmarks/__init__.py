"""Benchmarks: one runnable file per question asked of the speed or the quality."""
