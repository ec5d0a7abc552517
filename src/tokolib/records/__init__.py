"""How every aggregate is stored: its wire form, its index columns, its facts, and the one repository behind them."""
