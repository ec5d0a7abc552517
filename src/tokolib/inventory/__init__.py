"""How many there are, and for whom: locations, typed movements, levels, and holds of a whole cart or nothing.

Stock is counted in whole steps of a SKU's unit of measure. *On hand* is what the movements add up to, *held* is
promised to somebody, *available* is the rest. A hold is leased until a moment, kept, and then taken when the
goods leave, or released.
"""
