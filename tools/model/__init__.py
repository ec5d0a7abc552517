"""The protocol of reservation and payment as a model, and its exhaustive check with Spin: `make model`.

`payment.pml` is the model, `bugs.py` names the bugs that can be seeded into it, `pan.py` runs Spin and reads what
its verifier prints. docs/explanation/model.md tells what the model says and what it doesn't.
"""
