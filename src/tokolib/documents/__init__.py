"""Fiscal documents: invoices and credit notes, numbered without a gap when they are issued, never changed."""
