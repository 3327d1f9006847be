"""An article as one A4 page for a notice board: Article | fit_sheet -> Sheet | write_board -> HTML."""

from aggregator.board.fit import Sheet, fit_sheet
from aggregator.board.page import write_board

__all__ = ["Sheet", "fit_sheet", "write_board"]
