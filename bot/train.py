"""Trains the bot when what it is made of has changed, and prints where the model is.

`python bot/train.py [--force]`; models go to DAOZHANG_MODELS_DIR, default `models/` at the root.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import logging
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from components.examples import DATA

BOT = Path(__file__).resolve().parent
ROOT = BOT.parent
MADE_OF = (
    DATA,
    ROOT / "data" / "rules",
    ROOT / "domain.yml",
    BOT / "config.yml",
    BOT / "components",
    BOT / "dictionary",
    BOT / "vocabulary",
    BOT / "requirements.txt",
)
_SPECIMEN = 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - 你好\n    - 在吗\n'
"""Without any examples Rasa makes no NLU. The classifier reads all of data/nlu itself."""
_KEPT = 2


def digest() -> str:
    """Twelve hexadecimal digits that change with any of the parts in MADE_OF."""
    total = hashlib.sha256()
    for file in _files():
        total.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return total.hexdigest()[:12]


def _files() -> Iterator[Path]:
    for part in MADE_OF:
        if part.is_file():
            yield part
        else:
            yield from sorted(
                file
                for file in part.rglob("*")
                if file.is_file() and "__pycache__" not in file.parts
            )


def model_path() -> Path:
    """Where the model of the present state of the parts is, or will be."""
    folder = Path(os.environ.get("DAOZHANG_MODELS_DIR") or ROOT / "models")
    return folder.resolve() / f"{digest()}.tar.gz"


def train(target: Path, examples: Path = DATA) -> None:
    """Learn the folder `examples` and put the model at `target`, in one move: never half of one."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    os.environ["TQDM_DISABLE"] = "1"
    os.environ["DAOZHANG_EXAMPLES_DIR"] = str(examples)
    os.environ["DAOZHANG_VECTORS_DIR"] = str(target.parent)
    with tempfile.TemporaryDirectory(dir=target.parent) as work:
        os.environ["RASA_CACHE_DIRECTORY"] = work
        from rasa.model_training import train as rasa_train
        from rasa.utils.common import configure_logging_and_warnings
        from rasa.utils.log_utils import configure_structlog

        configure_logging_and_warnings(log_level=logging.WARNING)
        configure_structlog(logging.WARNING)
        logging.getLogger("components").setLevel(logging.INFO)
        specimen = Path(work, "specimen.yml")
        specimen.write_text(_SPECIMEN, "utf-8")
        result = rasa_train(
            domain=str(ROOT / "domain.yml"),
            config=str(BOT / "config.yml"),
            training_files=[str(specimen), str(ROOT / "data" / "rules")],
            output=work,
            force_training=True,
            fixed_model_name=target.name,
        )
        if result.code != 0 or not result.model:
            raise RuntimeError("Rasa 没有训练出模型，原因见上面的输出")
        Path(result.model).replace(target)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process trains into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".training").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("另一个进程正在训练，等它做完……", file=sys.stderr, flush=True)
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def forget_old(newest: Path) -> None:
    """Remove models but the newest two; the one in use is always kept."""
    models = sorted(newest.parent.glob("*.tar.gz"), key=lambda one: one.stat().st_mtime)
    for model in models[:-_KEPT]:
        if model != newest:
            model.unlink()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="train even if nothing has changed")
    options = parser.parse_args()
    target = model_path()
    if options.force or not target.is_file():
        try:
            target = _trained(force=options.force)
        except (Exception, SystemExit) as error:
            if os.environ.get("DAOZHANG_DEBUG"):
                traceback.print_exc()
            print(f"训练失败：{error or type(error).__name__}", file=sys.stderr)
            return 1
    print(target)
    return 0


def _trained(*, force: bool) -> Path:
    """Train unless another process has done it in the meantime; where the model is."""
    with alone(model_path().parent):
        target = model_path()  # what it is made of may have changed while this waited
        if force or not target.is_file():
            print("训练机器人，约需几分钟……", file=sys.stderr, flush=True)
            started = time.monotonic()
            with contextlib.redirect_stdout(sys.stderr):
                train(target)
            print(f"训练完成，用时 {time.monotonic() - started:.0f} 秒", file=sys.stderr)
            forget_old(target)
    return target


if __name__ == "__main__":
    sys.exit(main())
