"""`python -m aggregator` is `matrix`."""

from aggregator.cli import main

if __name__ == "__main__":
    main()
