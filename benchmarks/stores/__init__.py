"""Where the job is done: bare SQL, plain dicts, tokolib. Each is a `Store` of `protocol`."""
