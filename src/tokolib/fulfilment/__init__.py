"""Goods on their way: shipments of units of an order, handed over, tracked, delivered."""
