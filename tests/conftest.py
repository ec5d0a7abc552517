"""Hypothesis profiles, chosen by the variable TOKOLIB_HYPOTHESIS_PROFILE."""

import os

from hypothesis import HealthCheck, settings

# A deadline per example fails on a busy machine and says nothing about the code; none has one.
settings.register_profile("dev", max_examples=100, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True, database=None, print_blob=True)
settings.register_profile(
    "soak",
    max_examples=5_000,
    stateful_step_count=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("TOKOLIB_HYPOTHESIS_PROFILE", "dev"))
