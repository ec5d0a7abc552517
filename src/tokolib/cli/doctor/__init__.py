"""`python -m tokolib doctor`: what a machine and a storage have, what is wrong with them, and the way out."""

from tokolib.cli.doctor.command import doctor

__all__ = ["doctor"]
