"""django-oscar doing the job. It runs in a virtual environment of its own, which has no tokolib."""
