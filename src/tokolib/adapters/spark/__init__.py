"""Past orders priced again on a Spark cluster: the extra `spark`."""
