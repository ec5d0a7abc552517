"""Mistakes that somebody could make in the protocol of payments, holds and events, each planted and hunted."""
