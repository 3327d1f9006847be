"""The dates that feeds and staff write: RFC 822 and 3339, what Chinese systems print, and "昨天 16:20".

`parse_date` reads what stands for itself, `infer_date` what means something only on the day that it was read;
`count_workdays` knows the public holidays.
"""

from aggregator.dates.calendar import EARLIEST_YEAR, LATEST_AHEAD, SHANGHAI, parse_date
from aggregator.dates.relative import infer_date
from aggregator.dates.workdays import count_workdays

__all__ = ["EARLIEST_YEAR", "LATEST_AHEAD", "SHANGHAI", "count_workdays", "infer_date", "parse_date"]
