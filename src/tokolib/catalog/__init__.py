"""The catalogue: products, variants, SKUs, categories, bundles, units and measures, import and export."""
