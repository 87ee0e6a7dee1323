"""Queries in processes of their own, within limits. The flow is in `kg.store.querying.workers`."""
