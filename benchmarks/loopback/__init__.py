"""What the benchmarks of aggregation need around them: made feeds, a server on loopback, the peer."""
