"""Where the outside begins: storages, the system's clock and ids, gateways. Nothing here decides a price."""
