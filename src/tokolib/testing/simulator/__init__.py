"""Puts a shop through everything that goes wrong, from a plan or from a seed, and checks its promises."""
