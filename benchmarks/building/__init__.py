"""Sites of the same posts for ours and for other generators, and how their builds are measured."""
