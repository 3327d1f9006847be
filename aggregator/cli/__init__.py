"""The commands: the only clock, print and exit code of the project."""

from __future__ import annotations

import gc
import json
import logging
import sys

import click

from aggregator.cli.group import matrix
from aggregator.cli.wording import explain_usage
from aggregator.errors import MatrixError

__all__ = ["main"]

FAILED = 3
"""Exit status of a run that ended in a surprise; the last site stands."""

USAGE = 2
"""Exit status of a wrong command."""

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""


_STOPPED = "已中断；线上仍是上一版，下次运行会接着做完。"

_SILENCE = logging.NullHandler()
"""Where no log is open, logging would otherwise print warnings and tracebacks on the terminal."""

COLLECT_AFTER = 50_000
"""New objects after which Python looks for cycles. By itself it does after 700, which is a tenth of a short command's
time: what it imports stays."""


def main() -> None:
    """`matrix`: run one command and end the process with its exit status."""
    gc.set_threshold(COLLECT_AFTER)
    try:
        _run()
    finally:
        # Else Python would look through all of them once more before the process ends.
        gc.freeze()


def _run() -> None:
    as_json = "--json" in sys.argv[1:]
    logging.getLogger().addHandler(_SILENCE)
    try:
        status = matrix.main(prog_name="matrix", standalone_mode=False)
    except MatrixError as error:
        if _was_interrupted(error):
            _report(_STOPPED, "", as_json)
            sys.exit(INTERRUPTED)
        _report(error.message, error.remedy, as_json)
        sys.exit(error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        sys.exit(USAGE)
    except click.UsageError as error:
        _report(*explain_usage(error), as_json)
        sys.exit(USAGE)
    except click.ClickException as error:
        _report(error.format_message(), "", as_json)
        sys.exit(USAGE)
    except (click.Abort, KeyboardInterrupt):
        _report(_STOPPED, "", as_json)
        sys.exit(INTERRUPTED)
    except OSError as error:
        logging.getLogger("aggregator").exception("unexpected failure")
        _report(f"文件读写不了：{error}", "检查磁盘空间和文件夹权限；线上仍是上一版。", as_json)
        sys.exit(FAILED)
    except Exception as error:
        logging.getLogger("aggregator").exception("unexpected failure")
        remedy = "线上仍是上一版。请把 .matrix/logs/matrix.log 发给技术人员。"
        _report(f"程序出错：{type(error).__name__}: {error}", remedy, as_json)
        sys.exit(FAILED)
    sys.exit(status if isinstance(status, int) else 0)


def _was_interrupted(error: BaseException | None) -> bool:
    """Whether Ctrl-C is behind an error. Libraries that catch everything while they are imported make another one of
    it (`opencc/__init__.py`).
    """
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _report(message: str, remedy: str, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"error": {"message": message, "remedy": remedy}}, ensure_ascii=False))
    click.echo(f"错误：{message}" + (f"\n  办法：{remedy}" if remedy else ""), err=True)
