"""The rules, one function each; `aggregator.inspection.table` has them with ids, levels and sources."""
