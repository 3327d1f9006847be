"""The dates that feeds and staff write: RFC 822 and 3339, what Chinese systems print, and "昨天 16:20".

`parse_date` reads what stands for itself, `infer_date` what means something only on the day that it was read.
"""

from aggregator.dates.calendar import EARLIEST_YEAR, LATEST_AHEAD, SHANGHAI, parse_date
from aggregator.dates.relative import infer_date

__all__ = ["EARLIEST_YEAR", "LATEST_AHEAD", "SHANGHAI", "infer_date", "parse_date"]
